namespace DuckMesh.Observation.Discovery;

/// <summary>The databases that only other mount namespaces see, reached through a process that lives there. Belongs to the inventory, under its lock.</summary>
internal sealed class ForeignDatabases(ProcFolder proc)
{
    private readonly HashSet<KnownDatabase> _databases = [];

    public void Add(KnownDatabase database) => _databases.Add(database);

    public void Remove(KnownDatabase database) => _databases.Remove(database);

    /// <summary>What to call a container. Two may call themselves the same; the second goes by its id as long as the first is there.</summary>
    public string NameOf(Enclosure enclosure)
    {
        if (enclosure.Name is null) return enclosure.Id;
        var taken = _databases.Any(other => other.Id.Container == enclosure.Name && other.Enclosure!.Id != enclosure.Id && !other.Gone);
        return taken ? enclosure.Id : enclosure.Name;
    }

    /// <summary>Can it still be reached through the process it was reached through? Only the same mount namespace has the same paths.</summary>
    public bool IsReachable(KnownDatabase database) =>
        database.AccessPath.Length > 0 && database.Enclosure is { } enclosure && proc.MountNamespace(database.AccessPid) == enclosure.MountNamespace;

    /// <summary>Those which nobody holds, and whose last process has ended since the last call.</summary>
    public List<KnownDatabase> FindLost() => [.. _databases.Where(d => d.Holders.Count == 0 && d.AccessPath.Length > 0 && !IsReachable(d))];
}

using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>Which database a file is, however it is reached. Belongs to the inventory, under its lock.</summary>
internal sealed class KnownFiles
{
    private readonly Dictionary<FileIdentity, KnownDatabase> _databases = [];

    public KnownDatabase? Find(FileIdentity identity) => _databases.GetValueOrDefault(identity);

    public void Map(KnownDatabase database, FileIdentity identity)
    {
        if (database.Identity == identity) return;
        Unmap(database);
        database.Identity = identity;
        _databases[identity] = database;
    }

    /// <summary>What it was known by may be another database's by now, and stays that one's.</summary>
    public void Unmap(KnownDatabase database)
    {
        if (database.Identity is { } identity && Find(identity) == database) _databases.Remove(identity);
        database.Identity = null;
    }
}

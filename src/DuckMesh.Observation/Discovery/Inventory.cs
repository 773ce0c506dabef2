using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// The databases that are known: one per file, whatever names it has, and one per path, whichever file it means. Thread-safe; waits for no file system.
/// </summary>
internal sealed class Inventory(string host, NameRegistry names, FileSystems fileSystems, ProcFolder proc)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<DatabaseId, KnownDatabase> _byId = new();
    private readonly Dictionary<FileIdentity, KnownDatabase> _byIdentity = [];
    private readonly List<KnownDatabase> _foreign = [];
    private readonly HashSet<KnownDatabase> _appeared = [];
    private readonly Queue<KnownDatabase> _doubted = new();
    private bool _configurationKnown;

    public Sighting? Find(DatabaseId id) => _byId.GetValueOrDefault(id)?.Sighting;

    /// <summary>How a known file is reached; null for one that is not known.</summary>
    public string? PathOf(FileIdentity identity)
    {
        lock (_gate) return _byIdentity.GetValueOrDefault(identity)?.AccessPath;
    }

    /// <summary>Takes in what a look found.</summary>
    /// <param name="held">The lock through which it was found; null for a file that a glob names.</param>
    /// <param name="configured">It is named without a wildcard.</param>
    public void Place(Finding finding, Held? held, bool configured)
    {
        lock (_gate)
        {
            var before = held?.Database;
            var known = _byIdentity.GetValueOrDefault(finding.Identity);
            var id = new DatabaseId(host, finding.Enclosure is null ? null : NameOf(finding.Enclosure), finding.Path);
            if (finding.Kind == FindingKind.Deleted)
            {
                Bury(finding, held!, known, id);
                return;
            }

            if (known is not null && known.Id != id && !finding.KnownStays)
            {
                MoveAway(known, id, known == before || (finding.BornNanoseconds != 0 && known.BornNanoseconds == finding.BornNanoseconds));
                known = null;
            }

            var one = known ?? Get(id);
            if (known is null || one.Id == id) Settle(one, finding, held);
            else Revive(one);
            if (before is not null && before != one) Leave(held!, before);
            if (held is not null) Hold(held, one);
            if (configured) Confirm(one);
            Publish(one);
        }
    }

    /// <summary>A lock has ended, or its file turned out to be no database.</summary>
    public void Release(Held held)
    {
        lock (_gate)
        {
            if (held.Database is { } database) Leave(held, database);
        }
    }

    /// <summary>The lock of a process that does not let us look, on a file that is known all the same.</summary>
    public bool TryHold(Held held)
    {
        lock (_gate)
        {
            if (!_byIdentity.TryGetValue(new FileIdentity(held.Key.Device, held.Key.Inode), out var database)) return false;
            Hold(held, database);
            Publish(database);
            return true;
        }
    }

    public void Refresh(KnownDatabase database)
    {
        lock (_gate) Publish(database);
    }

    /// <summary>A path that <c>watch</c> names without a wildcard, and at which there is nothing.</summary>
    public void Expect(string path)
    {
        lock (_gate)
        {
            var database = Get(new DatabaseId(host, null, path));
            Confirm(database);
            Publish(database);
        }
    }

    /// <summary>Every literal in <c>watch</c> has been looked at: what else the ledger remembers as configured is not any more.</summary>
    public void EndConfiguration()
    {
        lock (_gate)
        {
            if (_configurationKnown) return;
            _configurationKnown = true;
            foreach (var (_, database) in _byId)
            {
                if (!database.Configured || database.Confirmed) continue;
                database.Configured = false;
                Publish(database);
            }
        }
    }

    /// <summary>What <c>watch</c> names turned out to be a symbolic link to another path, under which it is known.</summary>
    public void Redirect(string path, string target)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(new DatabaseId(host, null, path), out var database) || !database.Configured) return;
            database.Configured = false;
            database.Gone = true;
            database.Note = $"is a symbolic link to {target} now, and known under that path";
            Publish(database);
        }
    }

    public void Adopt(DatabaseId id, string name, bool configured)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var database))
            {
                database = _byId[id] = new KnownDatabase(id, names.Adopt(id, name));
                if (id.Container is null) Reach(database);
                else database.Note = $"its container {id.Container} has not been seen since this node started";
            }

            database.Name = names.Adopt(id, name);
            names.Flush();
            if (!_configurationKnown) database.Configured |= configured;
            Publish(database);

            // Whoever remembers it under another name, or as configured otherwise, has to hear of it.
            if (database.Name != name || database.Configured != configured) _appeared.Add(database);
        }
    }

    public void Forget(DatabaseId id)
    {
        lock (_gate)
        {
            if (!_byId.TryRemove(id, out var database)) return;
            database.Forgotten = true;
            Unmap(database);
            _foreign.Remove(database);
            _appeared.Remove(database);
            names.Forget(id);
            names.Flush();
        }
    }

    /// <summary>A probe looked at it. What contradicts discovery is looked up again at the next pass.</summary>
    public void Observed(DatabaseId id, Presence presence, FileIdentity? identity)
    {
        if (!_byId.TryGetValue(id, out var database)) return;
        var absent = presence == Presence.Absent;
        if (database.Absent == absent && (absent || !database.Gone) && (identity is null || identity == database.Identity)) return;
        lock (_gate)
        {
            if (database.Forgotten) return;
            if (absent) database.Absent = true;
            else Revive(database);
            if (database.Holders.Count > 0 || database.Ghosts.Count > 0)
            {
                if (!database.Doubted) _doubted.Enqueue(database);
                database.Doubted = true;
            }

            // Whoever holds it says at the next pass which file that is.
            if (database.Holders.Count == 0 && identity is { } now) Map(database, now);
            Publish(database);
        }
    }

    public bool TryTakeDoubted([NotNullWhen(true)] out KnownDatabase? database)
    {
        lock (_gate)
        {
            if (!_doubted.TryDequeue(out database)) return false;
            database.Doubted = false;
            return true;
        }
    }

    /// <summary>Can the file still be reached through the process it was reached through? Only the same mount namespace has the same paths.</summary>
    public bool IsReachable(DatabaseId id) =>
        id.Container is null || (_byId.TryGetValue(id, out var database) && database.AccessPath.Length > 0 && proc.MountNamespace(database.AccessPid) == database.MountNamespace);

    /// <summary>Databases of containers which nobody holds, and whose last process has ended, can't be reached any more.</summary>
    public void CheckContainers()
    {
        lock (_gate)
        {
            foreach (var database in _foreign)
            {
                if (database.Holders.Count > 0 || database.AccessPath.Length == 0 || proc.MountNamespace(database.AccessPid) == database.MountNamespace) continue;
                database.AccessPath = "";
                database.Gone = true;
                database.Note ??= $"its container {database.Id.Container} is gone, or the process through which it could be seen";
                Publish(database);
            }
        }
    }

    /// <summary>What changed since the last call; <paramref name="present"/>: how many are there.</summary>
    public ImmutableArray<Sighting> TakeAppeared(out int present)
    {
        lock (_gate)
        {
            names.Flush();
            present = 0;
            foreach (var (_, database) in _byId)
            {
                if (database.IsThere) present++;
            }

            if (_appeared.Count == 0) return [];
            var appeared = _appeared.Select(d => d.Sighting).OrderBy(s => s.Id).ToImmutableArray();
            _appeared.Clear();
            return appeared;
        }
    }

    private KnownDatabase Get(DatabaseId id)
    {
        if (_byId.TryGetValue(id, out var known)) return known;
        var database = _byId[id] = new KnownDatabase(id, names.NameOf(id));
        if (id.Container is null) Reach(database);
        _appeared.Add(database);
        return database;
    }

    // Where nothing has been seen yet the mount table says what serves the path.
    private void Reach(KnownDatabase database)
    {
        database.AccessPath = database.Id.Path;
        if (fileSystems.Mounts().FindByPath(database.Id.Path) is not { } mount) return;
        (database.Device, database.FileSystem, database.Network) = (mount.Device, mount.Type, mount.Network);
    }

    private static void Confirm(KnownDatabase database) => (database.Configured, database.Confirmed) = (true, true);

    private void Revive(KnownDatabase database)
    {
        if (!database.IsThere) _appeared.Add(database);
        (database.Gone, database.Absent, database.Note) = (false, false, null);
    }

    private void Settle(KnownDatabase database, Finding finding, Held? held)
    {
        Revive(database);
        Map(database, finding.Identity);
        database.BornNanoseconds = finding.BornNanoseconds;
        (database.Device, database.FileSystem, database.Network) = (finding.Identity.Device, finding.Mount?.Type, finding.Mount?.Network ?? false);
        if (held is not null) held.AccessPath = finding.AccessPath;
        if (finding.Enclosure is null)
        {
            database.AccessPath = finding.AccessPath;
            return;
        }

        if (database.EnclosureId is null) _foreign.Add(database);
        (database.EnclosureId, database.MountNamespace) = (finding.Enclosure.Id, finding.Enclosure.MountNamespace);
        if (held is not null) (database.AccessPath, database.AccessPid) = (finding.AccessPath, held.Key.Pid);
    }

    // Two containers may call themselves the same; the second goes by its id as long as the first is there.
    private string NameOf(Enclosure enclosure)
    {
        if (enclosure.Name is null) return enclosure.Id;
        foreach (var other in _foreign)
        {
            if (other.Id.Container == enclosure.Name && other.EnclosureId != enclosure.Id && !other.Gone) return enclosure.Id;
        }

        return enclosure.Name;
    }

    private void MoveAway(KnownDatabase database, DatabaseId to, bool same)
    {
        Unmap(database);
        database.Gone = true;
        if (same) database.Note = $"was renamed to {(to.Container is null ? to.Path : $"{to.Container}:{to.Path}")}";
        Publish(database);
    }

    private void Bury(Finding finding, Held held, KnownDatabase? known, DatabaseId id)
    {
        var database = known ?? (finding.PathTaken ? _byId.GetValueOrDefault(id) : Get(id));
        if (held.Database is { } before) Leave(held, before);
        if (database is null) return;
        held.Database = database;
        held.State = HeldState.Deleted;
        database.Ghosts.Add(held);
        if (database.Identity == finding.Identity) Unmap(database);
        database.Gone = !finding.PathTaken;
        database.Absent = database.Gone;
        Publish(database);
    }

    private static void Hold(Held held, KnownDatabase database)
    {
        held.Database = database;
        database.Ghosts.Remove(held);
        if (!database.Holders.Contains(held)) database.Holders.Add(held);
        database.Holders.Sort(static (a, b) => a.StartTicks != b.StartTicks ? a.StartTicks.CompareTo(b.StartTicks) : a.Key.Pid.CompareTo(b.Key.Pid));
    }

    private void Leave(Held held, KnownDatabase database)
    {
        held.Database = null;
        database.Ghosts.Remove(held);
        database.Holders.Remove(held);
        if (database.EnclosureId is not null && database.AccessPid == held.Key.Pid && database.Holders.Find(h => h.AccessPath.Length > 0) is { } other)
        {
            (database.AccessPath, database.AccessPid) = (other.AccessPath, other.Key.Pid);
        }

        Publish(database);
    }

    private void Map(KnownDatabase database, FileIdentity identity)
    {
        if (database.Identity == identity) return;
        Unmap(database);
        database.Identity = identity;
        _byIdentity[identity] = database;
    }

    private void Unmap(KnownDatabase database)
    {
        if (database.Identity is { } identity && _byIdentity.GetValueOrDefault(identity) == database) _byIdentity.Remove(identity);
        database.Identity = null;
    }

    private void Publish(KnownDatabase database)
    {
        if (database.Forgotten) return;
        var now = database.Sighting;
        var note = database.Ghosts is [var ghost, ..] ? DescribeGhost(database, ghost.Key.Pid) : database.Note;
        var holders = HoldersOf(database, now.Holders);
        if (now.Name == database.Name && now.AccessPath == database.AccessPath && now.Configured == database.Configured && now.Device == database.Device
            && now.FileSystem == database.FileSystem && now.Network == database.Network && now.Note == note && now.Holders == holders) return;
        if (now.Configured != database.Configured) _appeared.Add(database);
        database.Sighting = new Sighting(database.Id, database.Name, database.AccessPath)
        {
            Configured = database.Configured,
            Device = database.Device,
            FileSystem = database.FileSystem,
            Network = database.Network,
            Holders = holders,
            Note = note,
        };
    }

    private static ImmutableArray<Holder> HoldersOf(KnownDatabase database, ImmutableArray<Holder> before)
    {
        var now = database.Holders.Select(h => new Holder(h.Key.Pid, h.ReadOnly)).ToImmutableArray();
        return now.AsSpan().SequenceEqual(before.AsSpan()) ? before : now;
    }

    private string DescribeGhost(KnownDatabase database, int pid)
    {
        var process = $"process {pid} ({proc.Command(pid) ?? "unknown"})";
        return database.Gone
            ? $"was deleted, but {process} still has it open: what it holds is lost when that process ends or closes it; copy its data out through that process"
            : $"{process} still works on an earlier file of this path that was deleted: what it writes is lost when it ends; restart it";
    }
}

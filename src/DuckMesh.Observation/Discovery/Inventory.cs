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
    private readonly KnownFiles _files = new();
    private readonly ForeignDatabases _foreign = new(proc);
    private readonly HashSet<KnownDatabase> _appeared = [];
    private readonly Queue<KnownDatabase> _doubted = new();
    private bool _configurationKnown;

    public Sighting? Find(DatabaseId id) => _byId.GetValueOrDefault(id)?.Sighting;

    /// <summary>How a known file is reached; null for one that is not known.</summary>
    public string? PathOf(FileIdentity identity)
    {
        lock (_gate) return _files.Find(identity)?.AccessPath;
    }

    /// <summary>Takes in what a look found.</summary>
    /// <param name="held">The lock through which it was found; null for a file that a glob names.</param>
    /// <param name="configured">It is named without a wildcard.</param>
    public void Place(Finding finding, Held? held, bool configured)
    {
        lock (_gate)
        {
            var before = held?.Database;
            var known = _files.Find(finding.Identity);
            var id = new DatabaseId(host, finding.Enclosure is null ? null : _foreign.NameOf(finding.Enclosure), finding.Path);
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
            Revive(one);
            if (one.Id == id) Settle(one, finding, held);
            if (before is not null && before != one) Leave(held!, before);
            if (held is not null) one.Hold(held);
            if (configured) one.Confirm();
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
            if (_files.Find(new FileIdentity(held.Key.Device, held.Key.Inode)) is not { } database) return false;
            database.Hold(held);
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
            database.Confirm();
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
                database = Add(id, names.Adopt(id, name));
                if (id.Container is not null) database.Note = $"its container {id.Container} has not been seen since this node started";
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
            _files.Unmap(database);
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
            if (database.Holders.Count == 0 && identity is { } now) _files.Map(database, now);
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

    public bool IsReachable(DatabaseId id) => id.Container is null || (_byId.TryGetValue(id, out var database) && _foreign.IsReachable(database));

    /// <summary>Databases of containers which nobody holds, and whose last process has ended, can't be reached any more.</summary>
    public void CheckContainers()
    {
        lock (_gate)
        {
            foreach (var database in _foreign.FindLost())
            {
                database.Lose();
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
        var database = Add(id, names.NameOf(id));
        _appeared.Add(database);
        return database;
    }

    private KnownDatabase Add(DatabaseId id, string name)
    {
        var database = _byId[id] = new KnownDatabase(id, name);
        if (id.Container is null) database.Expect(fileSystems.Mounts().FindByPath(id.Path));
        return database;
    }

    private void Revive(KnownDatabase database)
    {
        if (!database.IsThere) _appeared.Add(database);
        database.Revive();
    }

    private void Settle(KnownDatabase database, Finding finding, Held? held)
    {
        _files.Map(database, finding.Identity);
        database.Settle(finding, held);
        if (finding.Enclosure is not null) _foreign.Add(database);
    }

    private void MoveAway(KnownDatabase database, DatabaseId to, bool same)
    {
        _files.Unmap(database);
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
        if (database.Identity == finding.Identity) _files.Unmap(database);
        database.Gone = !finding.PathTaken;
        database.Absent = database.Gone;
        Publish(database);
    }

    private void Leave(Held held, KnownDatabase database)
    {
        database.Leave(held);
        Publish(database);
    }

    private void Publish(KnownDatabase database)
    {
        if (database.Forgotten) return;
        var configured = database.Sighting.Configured;
        database.Publish(proc);
        if (configured != database.Configured) _appeared.Add(database);
    }
}

using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation;

/// <summary>All that can be seen of one database from outside, at one instant. Not thread-safe: one probe at a time.</summary>
public sealed class DatabaseProbe(DatabaseId id, Discoverer discoverer, ProcessReader processes, OwnDatabases own, TimeProvider time) : IDisposable
{
    private readonly FileProbe _files = new(own, time);

    /// <summary>Blocks as long as the file system does; never throws for what it finds on the host.</summary>
    public Reading Read()
    {
        try
        {
            return Look();
        }
        catch (Exception e)
        {
            // A mistake of ours in reading one database is that database's, not the thread's that serves many.
            return new Reading(id, time.GetUtcNow(), Presence.Unreadable, $"the look failed: {e.Message.ReplaceLineEndings(" ")} ({e.GetType().Name}); please report this");
        }
    }

    public void Dispose() => _files.Dispose();

    private Reading Look()
    {
        if (discoverer.Find(id) is not { } sighting) return Absent("is not known to this node: discovery has not found it, or it was forgotten");
        if (!discoverer.IsReachable(id)) return Absent(sighting.Note ?? $"its container {id.Container} can't be reached: no process that could see the file is left");

        var seen = _files.Read(sighting.AccessPath, sighting.Pinned);
        discoverer.Observed(id, seen.Presence, seen.File?.Identity);
        var (owned, owner) = Owner(sighting);
        return new Reading(id, time.GetUtcNow(), seen.Presence, seen.Presence == Presence.Absent ? sighting.Note ?? $"there is no file at {id.Path}" : seen.Reason)
        {
            File = seen.File,
            Wal = seen.Wal,
            TempBytes = seen.TempBytes,
            Disk = seen.Presence == Presence.Absent ? null : discoverer.FileSystems.Read(sighting.AccessPath, seen.File?.Identity.Device ?? sighting.Device),
            Owned = owned,
            Owner = owner,
            Owners = owned == true ? sighting.Holders.Length : 0,
        };
    }

    // Of several holders the first that still runs: the lock table is as old as the last pass.
    private (bool? Owned, OwnerReading? Owner) Owner(Sighting sighting)
    {
        foreach (var holder in sighting.Holders)
        {
            if (processes.Read(holder.Pid) is { } owner) return (true, owner.ReadOnly == holder.ReadOnly ? owner : owner with { ReadOnly = holder.ReadOnly });
        }

        return (sighting.Network || !discoverer.SeesOwners ? null : false, null);
    }

    private Reading Absent(string reason) => new(id, time.GetUtcNow(), Presence.Absent, reason);
}

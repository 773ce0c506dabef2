using System.Collections.Immutable;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Discovery;

/// <summary>A database in the inventory, under whose lock it changes. Readers see <see cref="Sighting"/>.</summary>
internal sealed class KnownDatabase(DatabaseId id, string name)
{
    private volatile Sighting _sighting = new(id, name, "");

    public DatabaseId Id { get; } = id;

    public string Name { get; set; } = name;

    public bool Configured { get; set; }

    /// <summary>A glob named it since this node started; before that <see cref="Configured"/> may be what the ledger remembers.</summary>
    public bool Confirmed { get; private set; }

    /// <summary>The file at its path, as far as is known; null: there was none yet.</summary>
    public FileIdentity? Identity { get; set; }

    public long BornNanoseconds { get; private set; }

    /// <summary>Empty while it can't be reached: its mount namespace is gone.</summary>
    public string AccessPath { get; private set; } = "";

    public ulong Device { get; private set; }

    public string? FileSystem { get; private set; }

    public bool Network { get; private set; }

    public List<Held> Holders { get; } = [];

    /// <summary>Locks on a file that was deleted from its path.</summary>
    public List<Held> Ghosts { get; } = [];

    /// <summary>The mount namespace in which it was seen last; null for a file of our own.</summary>
    public Enclosure? Enclosure { get; private set; }

    /// <summary>The process through whose root the file is reached.</summary>
    public int AccessPid { get; private set; }

    /// <summary>Discovery knows that it is not at its path any more.</summary>
    public bool Gone { get; set; }

    /// <summary>The last look found no file. True until a first one finds it.</summary>
    public bool Absent { get; set; } = true;

    public bool Forgotten { get; set; }

    /// <summary>Waits to be looked up again.</summary>
    public bool Doubted { get; set; }

    public string? Note { get; set; }

    public Sighting Sighting => _sighting;

    public bool IsThere => !Gone && !Absent;

    /// <summary>A glob names it without a wildcard.</summary>
    public void Confirm() => (Configured, Confirmed) = (true, true);

    public void Revive() => (Gone, Absent, Note) = (false, false, null);

    /// <summary>Nothing has been seen at its path yet; what serves the path says the mount table.</summary>
    public void Expect(Mount? mount)
    {
        AccessPath = Id.Path;
        if (mount is not null) (Device, FileSystem, Network) = (mount.Device, mount.Type, mount.Network);
    }

    /// <summary>The file was seen at its path.</summary>
    public void Settle(Finding finding, Held? held)
    {
        BornNanoseconds = finding.BornNanoseconds;
        (Device, FileSystem, Network) = (finding.Identity.Device, finding.Mount?.Type, finding.Mount?.Network ?? false);
        Enclosure = finding.Enclosure;
        if (held is not null) held.AccessPath = finding.AccessPath;
        if (Enclosure is null) AccessPath = finding.AccessPath;
        else if (held is not null) (AccessPath, AccessPid) = (finding.AccessPath, held.Key.Pid);
    }

    public void Hold(Held held)
    {
        held.Database = this;
        Ghosts.Remove(held);
        if (!Holders.Contains(held)) Holders.Add(held);
        Holders.Sort(static (a, b) => a.StartTicks != b.StartTicks ? a.StartTicks.CompareTo(b.StartTicks) : a.Key.Pid.CompareTo(b.Key.Pid));
    }

    public void Leave(Held held)
    {
        held.Database = null;
        Ghosts.Remove(held);
        Holders.Remove(held);
        if (Enclosure is null || AccessPid != held.Key.Pid) return;
        if (Holders.Find(h => h.AccessPath.Length > 0) is { } other) (AccessPath, AccessPid) = (other.AccessPath, other.Key.Pid);
        else if (ProbePath.IsDescriptorLink(AccessPath)) Lose();   // the descriptor will mean another file
    }

    /// <summary>The last process that could see it is gone.</summary>
    public void Lose()
    {
        AccessPath = "";
        Gone = true;
        Note ??= $"its container {Id.Container} is gone, or the process through which it could be seen";
    }

    /// <summary>Lets readers see how it is now. The instance stays while nothing changes.</summary>
    public void Publish(ProcFolder proc)
    {
        var before = _sighting;
        var holders = Holders.Select(h => new Holder(h.Key.Pid, h.ReadOnly)).ToImmutableArray();
        var now = new Sighting(Id, Name, AccessPath)
        {
            Configured = Configured,
            Device = Device,
            FileSystem = FileSystem,
            Network = Network,
            Pinned = ProbePath.IsDescriptorLink(AccessPath) ? Identity : null,
            Holders = holders.AsSpan().SequenceEqual(before.Holders.AsSpan()) ? before.Holders : holders,
            Note = Ghosts is [var ghost, ..] ? DescribeGhost(proc, ghost.Key.Pid) : Note,
        };
        if (now != before) _sighting = now;
    }

    private string DescribeGhost(ProcFolder proc, int pid)
    {
        var process = $"process {pid} ({proc.Command(pid) ?? "unknown"})";
        return Gone
            ? $"was deleted, but {process} still has it open: what it holds is lost when that process ends or closes it; copy its data out through that process"
            : $"{process} still works on an earlier file of this path that was deleted: what it writes is lost when it ends; restart it";
    }
}

using System.Collections.Immutable;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Discovery;

/// <summary>The locks whose processes do not let us look, by process. Belongs to the thread of the pass.</summary>
internal sealed class BlindSpots(ProcFolder proc)
{
    private readonly List<Held> _held = [];
    private bool _changed;

    public ImmutableArray<BlindSpot> Spots { get; private set; } = [];

    public void Add(Held held)
    {
        _held.Add(held);
        _changed = true;
    }

    public void Remove(Held held)
    {
        _held.Remove(held);
        _changed = true;
    }

    /// <summary>A file that is known by other means needs no look: the lock table alone says who holds it.</summary>
    public void Update(Inventory inventory)
    {
        foreach (var held in _held)
        {
            if (held.Database is null && inventory.TryHold(held)) _changed = true;
        }

        if (!_changed) return;
        _changed = false;
        Spots = [.. _held.Where(h => h.Database is null).GroupBy(h => h.Key.Pid).OrderBy(g => g.Key).Select(g => new BlindSpot(g.Key, proc.Command(g.Key), g.Count(), Reason(g.Key)))];
    }

    private static string Reason(int pid) =>
        $"process {pid} belongs to another user, so its files can't be told: run the node as that user or as root, give it CAP_SYS_PTRACE, or name its databases in 'watch'";
}

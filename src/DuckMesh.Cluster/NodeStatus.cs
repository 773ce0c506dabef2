using DuckMesh.Cluster.Journal;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Cluster;

/// <summary>How this node itself is: written by its actors, read by health checks, the API and the console. Thread-safe.</summary>
public sealed class NodeStatus(TimeProvider time)
{
    private volatile DiscoveryReport? _discovery;
    private volatile bool _regionStarted;
    private volatile bool _memberUp;
    private int _cells;

    public JournalHealth Journal { get; } = new(time);

    public bool MemberUp { get => _memberUp; set => _memberUp = value; }

    public bool RegionStarted { get => _regionStarted; set => _regionStarted = value; }

    /// <summary>Why the journal can't be written, one line; null while it can.</summary>
    public string? JournalError => Journal.Error;

    /// <summary>The newest pass of discovery; null before the first.</summary>
    public DiscoveryReport? Discovery { get => _discovery; set => _discovery = value; }

    public int Cells => Volatile.Read(ref _cells);

    public bool Ready => MemberUp && RegionStarted && JournalError is null;

    public void CellStarted() => Interlocked.Increment(ref _cells);

    public void CellStopped() => Interlocked.Decrement(ref _cells);
}

using DuckMesh.Cluster.Journal;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Cluster;

/// <summary>How this node itself is: written by its actors, read by health checks, the API and the console. Thread-safe.</summary>
public sealed class NodeStatus(TimeProvider time)
{
    private volatile DiscoveryReport? _discovery;
    private volatile bool _regionStarted;
    private volatile bool _memberUp;
    private volatile string? _formation;
    private volatile NodeEnd? _end;
    private volatile string? _leaseFailure;
    private int _cells;

    public JournalHealth Journal { get; } = new(time);

    public bool MemberUp { get => _memberUp; set => _memberUp = value; }

    /// <summary>What keeps the node from its cluster, or its place in the shared database from being kept, one line; null while nothing does.</summary>
    public string? Formation { get => _formation; set => _formation = value; }

    /// <summary>Why the node ends by itself; null while it does not.</summary>
    public NodeEnd? End { get => _end; set => _end = value; }

    /// <summary>Why this node did not get the lease when its cluster split, as the end of a sentence; null while it did.</summary>
    public string? LeaseFailure { get => _leaseFailure; set => _leaseFailure = value; }

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

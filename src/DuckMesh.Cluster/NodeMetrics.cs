using Prometheus;

namespace DuckMesh.Cluster;

/// <summary>The node's metrics of itself. Named for what they count; docs/self-metrics.md lists them.</summary>
public sealed class NodeMetrics
{
    public NodeMetrics(CollectorRegistry registry)
    {
        RuntimeMetrics.Register(registry);
        var metrics = Metrics.WithCustomRegistry(registry);
        Supervisors = metrics.CreateGauge("duckmesh_supervisors", "Database supervisors that run on this node.");
        Cells = metrics.CreateGauge("duckmesh_cells", "Cells that run on this node.");
        Databases = metrics.CreateGauge("duckmesh_databases", "Databases supervised by this node, by state.", "state");
        ProbeSeconds = metrics.CreateHistogram("duckmesh_probe_duration_seconds", "Time that one look at a database took.",
            new HistogramConfiguration { Buckets = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5] });
        Probes = metrics.CreateCounter("duckmesh_probes_total", "Looks at databases, by how they ended.", "outcome");
        ProbeDeadlinesMissed = metrics.CreateCounter("duckmesh_probe_deadlines_missed_total", "Looks that were not answered in time.");
        ProbeQueue = metrics.CreateGauge("duckmesh_probe_queue_depth", "Looks that wait for a thread.");
        ProbeThreads = metrics.CreateGauge("duckmesh_probe_threads", "Threads that look at databases.");
        DiscoverySeconds = metrics.CreateHistogram("duckmesh_discovery_duration_seconds", "Time that one pass of discovery took.",
            new HistogramConfiguration { Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
        DiscoveryLocks = metrics.CreateGauge("duckmesh_discovery_locks", "Entries of the host's lock table.");
        DiscoveryLooked = metrics.CreateCounter("duckmesh_discovery_lookups_total", "Locks that were new and had to be looked up.");
        BlindSpots = metrics.CreateGauge("duckmesh_discovery_blind_spots", "Processes that hold locks which could be a database's and that this node may not look into.");
        JournalUp = metrics.CreateGauge("duckmesh_journal_up", "1 = the journal can be written, 0 = it can not.");
        JournalWriteSeconds = metrics.CreateHistogram("duckmesh_journal_write_duration_seconds", "Time until the journal had stored one write of a cell.",
            new HistogramConfiguration { Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
        JournalFailures = metrics.CreateCounter("duckmesh_journal_failures_total", "Writes to and recoveries from the journal that failed.");
        Members = metrics.CreateGauge("duckmesh_members", "Nodes of the cluster as this node sees them, by whether it reaches them.", "reachable");
        MemberBeatFailures = metrics.CreateCounter("duckmesh_member_beat_failures_total", "Signs of life that this node could not write into the shared database.");
        LeaseHeld = metrics.CreateGauge("duckmesh_lease_held", "1 = this node holds the lease that decides which side of a split cluster goes on.",
            new GaugeConfiguration { SuppressInitialValue = true });
        TransitionsWaiting = metrics.CreateGauge("duckmesh_transitions_waiting", "Alert transitions that are not stored yet.");
        TransitionsRefused = metrics.CreateCounter("duckmesh_transitions_refused_total", "Alert transitions refused because a cell's queue was full; their databases are reconciled later.");
        Announcements = metrics.CreateCounter("duckmesh_announcements_total", "Alert transitions announced, repeats included.", "recorded");
        NotifierFailures = metrics.CreateCounter("duckmesh_notifier_failures_total", "Announcements that could not be written to the announcement log.");
        HostUp = metrics.CreateGauge("duckmesh_host_up", "1 = a node of the host is in the cluster, 0 = none is. Told by the node that supervises the host.", "host");
        ExporterQueue = metrics.CreateGauge("duckmesh_exporter_queue_depth", "Messages that wait for the exporter.");
    }

    public Gauge Supervisors { get; }

    public Gauge Cells { get; }

    public Gauge Databases { get; }

    public Histogram ProbeSeconds { get; }

    public Counter Probes { get; }

    public Counter ProbeDeadlinesMissed { get; }

    public Gauge ProbeQueue { get; }

    public Gauge ProbeThreads { get; }

    public Histogram DiscoverySeconds { get; }

    public Gauge DiscoveryLocks { get; }

    public Counter DiscoveryLooked { get; }

    public Gauge BlindSpots { get; }

    public Gauge JournalUp { get; }

    public Histogram JournalWriteSeconds { get; }

    public Counter JournalFailures { get; }

    public Gauge Members { get; }

    public Counter MemberBeatFailures { get; }

    public Gauge LeaseHeld { get; }

    public Gauge TransitionsWaiting { get; }

    public Counter TransitionsRefused { get; }

    public Counter Announcements { get; }

    public Counter NotifierFailures { get; }

    public Gauge HostUp { get; }

    public Gauge ExporterQueue { get; }
}

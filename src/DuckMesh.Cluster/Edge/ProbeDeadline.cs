namespace DuckMesh.Cluster.Edge;

/// <summary>How long one look at a database may take.</summary>
public static class ProbeDeadline
{
    /// <summary>A look takes microseconds; a file system that needs longer than this hangs for all that a monitor can tell.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(4);

    /// <summary>Less than an interval, so that the answer to one tick is there before the next.</summary>
    public static TimeSpan For(TimeSpan interval) => interval * 0.8 < Most ? interval * 0.8 : Most;
}

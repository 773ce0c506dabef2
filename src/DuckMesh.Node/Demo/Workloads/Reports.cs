using System.Diagnostics;
using System.Globalization;

namespace DuckMesh.Node.Demo.Workloads;

/// <summary>The one that misbehaves: keeps a large result in memory and computes on it, six tenths of the time.</summary>
internal sealed class Reports : Workload
{
    /// <summary>Share of one core; the rest is left to whoever runs the demo.</summary>
    private const double Busy = 0.6;

    /// <summary>DuckDB must not spill the hoard to disk.</summary>
    private const long Headroom = 256L << 20;

    private TimeSpan _took;

    public Reports(string database, long hoardBytes)
        : base(database, string.Create(CultureInfo.InvariantCulture, $"memory_limit={(hoardBytes + Headroom) >> 20}MiB"))
    {
        Run("CREATE TABLE IF NOT EXISTS reports (noted TIMESTAMP)");
        Run(string.Create(CultureInfo.InvariantCulture, $"CREATE TEMP TABLE hoard AS SELECT random() AS amount FROM range({hoardBytes / sizeof(double)})"));
    }

    public override TimeSpan Pause => _took * ((1 - Busy) / Busy);

    public override void Step()
    {
        var start = Stopwatch.GetTimestamp();
        Run("SELECT avg(sqrt(amount)), stddev(amount) FROM hoard");
        _took = Stopwatch.GetElapsedTime(start);
    }
}

using System.Collections.Immutable;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Exporter.Exposition;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using Prometheus;
using Gauge = Prometheus.Gauge;

namespace DuckMesh.Benchmarks.Exposition;

/// <summary>
/// The same 300,000 series (10,000 databases, 30 each) written by our writer and by prometheus-net, and the finished document copied once in memory: the floor
/// that no writer can beat. CPU time counts, and the three take turns, so that whatever else the machine does falls on all of them.
/// </summary>
internal static class ExpositionBenchmark
{
    private const int Databases = 10_000;
    private const int SeriesEach = 30;
    private const int Rounds = 15;

    /// <summary>Rounds before the measured ones: the first compile and fill caches.</summary>
    private const int WarmUp = 5;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var fleet = Fleet();
        var registry = Registry(fleet);
        var ours = new ReusedBuffer(64 << 20);
        var theirs = new MemoryStream(64 << 20);
        var copy = new byte[64 << 20];
        var times = new List<double>[] { [], [], [] };
        long allocated = 0;
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Cpu();
            ours.Clear();
            using (var writer = new ExpositionWriter(fleet, ExpositionSelection.All, ExpositionFormat.PrometheusText)) writer.Write(ours);
            var a = Cpu() - start;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            theirs.SetLength(0);
            start = Cpu();
            await registry.CollectAndExportAsTextAsync(theirs, ExpositionFormat.PrometheusText, cancellation);
            var b = Cpu() - start;

            start = Cpu();
            ours.Bytes.CopyTo(copy);
            var c = Cpu() - start;
            if (round < WarmUp) continue;
            times[0].Add(a);
            times[1].Add(b);
            times[2].Add(c);
        }

        Console.WriteLine($"{Databases:N0} databases, {Databases * SeriesEach:N0} series, CPU time of {Rounds} interleaved rounds after {WarmUp}, median [min..max]");
        Print("our writer", times[0], ours.Written);
        Print("prometheus-net", times[1], theirs.Length);
        Print("memory copy", times[2], ours.Written);
        Console.WriteLine($"prometheus-net / ours: {Spread.Median(times[1]) / Spread.Median(times[0]):F1} (aim: at least 5)");
        Console.WriteLine($"ours / memory copy:    {Spread.Median(times[0]) / Spread.Median(times[2]):F1} (aim: at most 15)");
        Console.WriteLine($"allocated by our writer in a round: {allocated:N0} bytes");
        return 0;
    }

    /// <summary>Of this process, in milliseconds: what it waits for a core is not counted.</summary>
    private static double Cpu() => Environment.CpuUsage.TotalTime.TotalMilliseconds;

    private static void Print(string what, List<double> times, long bytes) =>
        Console.WriteLine($"{what,-15} {Spread.Of(times, "0.00", " ms")}, {bytes / 1e6:F1} MB, {bytes / 1e3 / Spread.Median(times):N0} MB/s");

    private static ImmutableArray<Series> Chosen() => [.. MetricCatalog.Metrics.SelectMany(m => m.Series).OrderBy(s => s.Index).Take(SeriesEach)];

    /// <summary>Values as a fleet has them: of the 30 series the ratios and seconds are fractions, the others whole numbers of one to twelve digits.</summary>
    private static FleetSnapshot Fleet()
    {
        var random = new Random(1);
        var fractions = Chosen().Where(s => MetricCatalog.ByName[s.Metric].Unit is "ratio" or "seconds").Select(s => s.Index).ToHashSet();
        var at = DateTimeOffset.UnixEpoch;
        return new FleetSnapshot(at, [.. Enumerable.Range(0, Databases).Select(i =>
        {
            var description = new DatabaseDescription(new DatabaseId("node-1", null, $"/srv/data/app{i}.duckdb"), $"app{i}", DatabaseState.Unknown, false, null);
            var values = Batch.NoValues();
            foreach (var s in Chosen())
                values[s.Index] = fractions.Contains(s.Index) ? random.NextDouble() : Math.Floor(Math.Pow(10, 12 * random.NextDouble()));
            return new DatabaseView(description, new Batch(description, at, values), [], []);
        })]);
    }

    private static CollectorRegistry Registry(FleetSnapshot fleet)
    {
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        var gauges = new Dictionary<string, Gauge>(StringComparer.Ordinal);
        foreach (var series in Chosen())
        {
            var metric = MetricCatalog.ByName[series.Metric];
            if (!gauges.TryGetValue(metric.Name, out var gauge))
                gauges[metric.Name] = gauge = factory.CreateGauge(metric.Name, metric.Help, [.. series.Labels.Select(l => l.Key), "database", "host"]);
            foreach (var view in fleet.Databases)
                gauge.WithLabels([.. series.Labels.Select(l => l.Value), view.Database.Name, view.Database.Id.Host]).Set(view.Latest![series]);
        }

        return registry;
    }
}

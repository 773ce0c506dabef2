using System.Diagnostics;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

/// <summary>10,000 databases are evaluated all day long, and nearly always nothing happens.</summary>
[Collection(nameof(CostTests))]
[CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
public sealed class CostTests
{
    private const int Count = 10_000;

    private static readonly DatabaseDescription Database = new(new DatabaseId("box", null, "/data/app.duckdb"), "app", DatabaseState.Up, Expected: true, Reason: null);

    [Fact]
    public void An_uneventful_batch_allocates_nothing_and_takes_microseconds()
    {
        var batches = Enumerable.Range(0, Count).Select(i => Quiet(Story.Start.AddSeconds(5 * i))).ToArray();
        var best = double.MaxValue;
        var allocated = long.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var alerts = Fresh();
            alerts.Evaluate(batches[0]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.GetTimestamp();
            for (var i = 1; i < Count; i++) alerts.Evaluate(batches[i]);
            best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalMicroseconds / Count);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Empty(alerts.Open);
        }

        Assert.Equal(0, allocated);
        // Optimised code takes 0.15 us here. The limit is for debug code on a busy machine: it sees a change of kind, not of degree.
        Assert.True(best < 10, $"{best:0.00} us a batch");
    }

    [Fact]
    public void A_database_takes_less_than_640_bytes()
    {
        var batch = Quiet(Story.Start);
        Fresh().Evaluate(batch);
        var all = new DatabaseAlerts[Count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++) (all[i] = Fresh()).Evaluate(batch);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.True(each < 640, $"{each} bytes a database");
        GC.KeepAlive(all);
    }

    private static DatabaseAlerts Fresh() => new(RuleSet.BuiltIn, Database.Id, Story.Interval, []);

    /// <summary>What the outside can know of a healthy database; the rest is absent.</summary>
    private static Batch Quiet(DateTimeOffset at)
    {
        var values = Batch.NoValues();
        foreach (var series in new[] { MetricCatalog.CpuUsageRatio, MetricCatalog.MemoryUsageRatio, MetricCatalog.DiskUsageRatio }) values[series.Index] = 0.3;
        foreach (var series in new[] { MetricCatalog.Up, MetricCatalog.Owned, MetricCatalog.WalCommits }) values[series.Index] = 1;
        values[MetricCatalog.WalSizeBytes.Index] = 300;
        return new Batch(Database, at, values);
    }
}

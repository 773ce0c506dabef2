using System.Text.RegularExpressions;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Model.Tests.Metrics;

public sealed partial class MetricCatalogTests
{
    /// <summary>The names that users rely on (contract, section 4), and whether a database is expected, which alerts in PromQL must ask.</summary>
    private static readonly string[] Names =
    [
        "duckdb_up", "duckdb_owned", "duckdb_info", "duckdb_cpu_usage_ratio", "duckdb_memory_usage_ratio", "duckdb_memory_resident_bytes", "duckdb_disk_usage_ratio",
        "duckdb_disk_free_bytes", "duckdb_io_read_bytes_total", "duckdb_io_write_bytes_total", "duckdb_file_size_bytes", "duckdb_wal_size_bytes", "duckdb_temp_size_bytes",
        "duckdb_blocks", "duckdb_fragmentation_ratio", "duckdb_checkpoints_total", "duckdb_wal_commits", "duckdb_active_queries", "duckdb_long_running_queries",
        "duckdb_query_latency_seconds", "duckdb_queries_total", "duckdb_failed_queries_total", "duckdb_slow_queries_total", "duckdb_transaction_commits_total",
        "duckdb_transaction_rollbacks_total", "duckdb_transaction_conflicts_total", "duckdb_errors_total", "duckdb_cache_hit_ratio", "duckdb_buffer_memory_bytes",
        "duckdb_connections", "duckdb_table_size_bytes", "duckdb_table_rows", "duckdb_index_size_bytes", "duckdb_table_stats_age_seconds", "duckdb_sync_success_ratio",
        "duckdb_sync_duration_seconds", "duckdb_sync_last_success_timestamp_seconds", "duckdb_sync_failures_total", "duckdb_sync_consecutive_failures",
        "duckdb_sync_verified_age_seconds", "duckmesh_database_expected", "duckmesh_alert_firing",
    ];

    private static readonly string[] PlainNames =
    [
        "cpu_usage_percent", "memory_usage_percent", "disk_usage_percent", "io_read_speed", "io_write_speed", "active_queries", "long_running_queries", "query_latency",
        "avg_query_latency", "failed_queries", "slow_queries", "transaction_commit_rate", "transaction_rollback_rate", "rollback_events", "deadlocks",
        "constraint_violations", "connection_errors", "syntax_errors", "cache_hit_rate", "table_size_mb", "index_size_mb", "sync_success_rate",
        "last_sync_duration_seconds", "last_sync_time", "sync_failure_rate",
    ];

    public static TheoryData<string> All => [.. MetricCatalog.Metrics.Select(m => m.Name)];

    [Fact]
    public void The_catalog_has_each_metric_of_the_contract_and_no_other() => Assert.Equal(Names, MetricCatalog.Metrics.Select(m => m.Name));

    [Fact]
    public void The_catalog_has_each_plain_name_once() =>
        Assert.Equal(PlainNames, MetricCatalog.Metrics.Where(m => m.PlainName is not null).SelectMany(m => m.PlainName!.Split(", ")));

    [Theory]
    [MemberData(nameof(All))]
    public void A_name_follows_the_conventions_of_Prometheus(string name)
    {
        var metric = MetricCatalog.ByName[name];
        Assert.Matches(NamePattern(), name);
        Assert.Equal(metric.Type == MetricType.Counter, name.EndsWith("_total", StringComparison.Ordinal));
        var noun = name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
        var unit = new[] { "bytes", "seconds", "ratio" }.FirstOrDefault(u => noun.EndsWith($"_{u}", StringComparison.Ordinal));
        Assert.Equal(metric.Unit, unit);
        Assert.DoesNotMatch("(_percent|_mb|_ms|_count|_sum|_bucket)$", noun);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_metric_says_what_it_means_and_what_it_takes(string name)
    {
        var metric = MetricCatalog.ByName[name];
        Assert.EndsWith(".", metric.Help, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', metric.Help);
        Assert.NotEmpty(metric.DarkUntil);
        Assert.DoesNotContain('|', metric.Help + metric.DarkUntil);
        Assert.All(metric.Labels, l => Assert.Matches("^[a-z][a-z_]*$", l));
        Assert.DoesNotContain(metric.Labels, l => l is "database" or "host" or "instance" or "job" or "le");
    }

    [Fact]
    public void Each_series_has_a_place_of_its_own_and_the_labels_of_its_metric()
    {
        var series = MetricCatalog.Metrics.SelectMany(m => m.Series.Select(s => (Metric: m, Series: s))).ToArray();
        Assert.Equal(Enumerable.Range(0, MetricCatalog.SeriesCount), series.Select(s => s.Series.Index).Order());
        Assert.All(series, s => Assert.Equal(s.Metric.Labels, s.Series.Labels.Select(l => l.Key)));
        Assert.All(series, s => Assert.Equal(s.Metric.Name, s.Series.Metric));
        Assert.Equal(series.Length, series.DistinctBy(s => $"{s.Series.Metric} {string.Join(',', s.Series.Labels)}").Count());
    }

    [Fact]
    public void Series_have_the_values_that_the_contract_names()
    {
        Assert.Equal(["used", "free"], Values(MetricCatalog.ByName["duckdb_blocks"]));
        Assert.Equal(["ok", "failed"], Values(MetricCatalog.ByName["duckdb_queries_total"]));

        static IEnumerable<string> Values(Metric metric) => metric.Series.Select(s => Assert.Single(s.Labels).Value);
    }

    [GeneratedRegex("^(duckdb|duckmesh)(_[a-z]+)+$")]
    private static partial Regex NamePattern();
}

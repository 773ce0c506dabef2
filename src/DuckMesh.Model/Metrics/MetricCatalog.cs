using System.Collections.Frozen;
using System.Collections.Immutable;
using static DuckMesh.Model.Metrics.MetricGroup;
using static DuckMesh.Model.Metrics.MetricType;

namespace DuckMesh.Model.Metrics;

/// <summary>
/// Each metric of a database once. Exposition, history's retention, docs/metrics.md, the recording rules and the validation of alert rules derive from
/// this table or are checked against it.
/// </summary>
public static class MetricCatalog
{
    private const string Attachment = "an attachment or the owner's log";
    private const string Target = "a configured sync target";

    private static readonly List<Metric> Table = [];
    private static int _series;

    public static readonly Series Up = Gauge("duckdb_up", Database, null,
        "1 = the file was observed within two intervals, 0 = it was expected and was not.", dark: "a database that is expected, or that is there");

    public static readonly Series Owned = Gauge("duckdb_owned", Database, null,
        "1 = a process of this host holds it open.", dark: "a local file system: on a network one other hosts may hold it");

    public static readonly Metric Info = Add("duckdb_info", MetricType.Gauge, null, Database, RetentionClass.Samples, Vantage.Outside,
        "Inventory, always 1; library_version is the DuckDB that the owner runs, where it can be found.",
        ["path", "storage_version", "created_by", "library_version", "encrypted", "owner_pid", "owner_exe"], null, "a file whose header can be read");

    public static readonly Series CpuUsageRatio = Gauge("duckdb_cpu_usage_ratio", MetricGroup.System, "ratio",
        "CPU use of the owner's process / CPU it may use (cgroup quota, else all cores).", "cpu_usage_percent", "an owner whose /proc entry may be read, seen twice");

    public static readonly Series MemoryUsageRatio = Gauge("duckdb_memory_usage_ratio", MetricGroup.System, "ratio",
        "Resident memory of the owner's process / memory it may use (cgroup limit, else RAM).", "memory_usage_percent", "an owner whose /proc entry may be read");

    public static readonly Series MemoryResidentBytes = Gauge("duckdb_memory_resident_bytes", MetricGroup.System, "bytes",
        "Resident memory of the owner's process.", dark: "an owner whose /proc entry may be read");

    public static readonly Series DiskUsageRatio = Gauge("duckdb_disk_usage_ratio", MetricGroup.System, "ratio",
        "Used share of the file system of the database file, as df shows it.", "disk_usage_percent", "a file system that answers statvfs in time");

    public static readonly Series DiskFreeBytes = Gauge("duckdb_disk_free_bytes", MetricGroup.System, "bytes",
        "Bytes free to an ordinary user on the file system of the database file.", dark: "a file system that answers statvfs in time");

    public static readonly Series IoReadBytes = Counter("duckdb_io_read_bytes_total", MetricGroup.System, "bytes",
        "Bytes that the owner's process made devices read since it started.", "io_read_speed", "an owner of the same user, or CAP_SYS_PTRACE");

    public static readonly Series IoWriteBytes = Counter("duckdb_io_write_bytes_total", MetricGroup.System, "bytes",
        "Bytes that the owner's process made devices write since it started.", "io_write_speed", "an owner of the same user, or CAP_SYS_PTRACE");

    public static readonly Series FileSizeBytes = Gauge("duckdb_file_size_bytes", Database, "bytes", "Size of the database file.", dark: "a file that is there");

    public static readonly Series WalSizeBytes = Gauge("duckdb_wal_size_bytes", Database, "bytes",
        "Size of the write-ahead log; 0 when there is none.", dark: "a file that is there");

    public static readonly Series TempSizeBytes = Gauge("duckdb_temp_size_bytes", Database, "bytes",
        "Bytes in the spill folder beside the file; 0 when there is none.", dark: "the default temp_directory, and permission to read it");

    public static readonly Series BlocksUsed = Gauge("duckdb_blocks", Database, null,
        "Blocks of the file as of the last checkpoint.", dark: "an unencrypted file that was checkpointed", labels: ("state", "used"));

    public static readonly Series BlocksFree = Another(BlocksUsed, ("state", "free"));

    public static readonly Series FragmentationRatio = Gauge("duckdb_fragmentation_ratio", Database, "ratio",
        "Free blocks / all blocks of the file, as of the last checkpoint.", dark: "an unencrypted file that has blocks");

    public static readonly Series Checkpoints = Counter("duckdb_checkpoints_total", Database, null,
        "Checkpoints since the file was made (header iteration).", dark: "an unencrypted file");

    public static readonly Series WalCommits = Gauge("duckdb_wal_commits", Database, null,
        "Durable commits since the last checkpoint.", dark: "an unencrypted, undamaged write-ahead log", retention: RetentionClass.Commit);

    public static readonly Series ActiveQueries = Dark("duckdb_active_queries", MetricType.Gauge, null, Query, RetentionClass.Query,
        "Queries running now.", "active_queries");

    public static readonly Series LongRunningQueries = Dark("duckdb_long_running_queries", MetricType.Gauge, null, Query, RetentionClass.Query,
        "Queries that have been running for over 5 s.", "long_running_queries");

    public static readonly Metric QueryLatency = Add("duckdb_query_latency_seconds", Histogram, "seconds", Query, RetentionClass.Query, Vantage.Inside,
        "Latency of each query.", [], "query_latency, avg_query_latency", Attachment);

    public static readonly Series QueriesOk = Dark("duckdb_queries_total", MetricType.Counter, null, Query, RetentionClass.Query,
        "Queries that ended.", null, ("outcome", "ok"));

    public static readonly Series QueriesFailed = Another(QueriesOk, ("outcome", "failed"));

    public static readonly Series FailedQueries = Dark("duckdb_failed_queries_total", MetricType.Counter, null, Query, RetentionClass.Error,
        "Queries that failed.", "failed_queries");

    public static readonly Series SlowQueries = Dark("duckdb_slow_queries_total", MetricType.Counter, null, Query, RetentionClass.Query,
        "Queries that took longer than the configured threshold.", "slow_queries");

    public static readonly Series TransactionCommits = Dark("duckdb_transaction_commits_total", MetricType.Counter, null, Query, RetentionClass.Commit,
        "Transactions committed.", "transaction_commit_rate");

    public static readonly Series TransactionRollbacks = Dark("duckdb_transaction_rollbacks_total", MetricType.Counter, null, Query, RetentionClass.Commit,
        "Transactions rolled back.", "transaction_rollback_rate, rollback_events");

    public static readonly Series TransactionConflicts = Dark("duckdb_transaction_conflicts_total", MetricType.Counter, null, Error, RetentionClass.Conflict,
        "Writers refused because another transaction had changed the same data: DuckDB has no deadlocks.", "deadlocks");

    public static readonly Metric Errors = Add("duckdb_errors_total", MetricType.Counter, null, Error, RetentionClass.Error, Vantage.Inside,
        "Errors by kind.", ["kind"], "constraint_violations, connection_errors, syntax_errors", Attachment);

    public static readonly Series CacheHitRatio = Dark("duckdb_cache_hit_ratio", MetricType.Gauge, "ratio", Query, RetentionClass.Samples,
        "Share of scanning queries that read nothing from disk.", "cache_hit_rate");

    public static readonly Metric BufferMemory = Add("duckdb_buffer_memory_bytes", MetricType.Gauge, "bytes", Database, RetentionClass.Samples, Vantage.Inside,
        "Memory of DuckDB's buffer manager by tag.", ["tag"], null, "an attachment");

    public static readonly Series Connections = Dark("duckdb_connections", MetricType.Gauge, null, Database, RetentionClass.Samples, "Open connections.", null, dark: "an attachment");

    public static readonly Metric TableSize = Add("duckdb_table_size_bytes", MetricType.Gauge, "bytes", MetricGroup.Table, RetentionClass.Samples, Vantage.Inside,
        "Size of the largest tables; the rest is summed under table=\"_other\".", ["schema", "table"], "table_size_mb", "an attachment or a verified snapshot");

    public static readonly Metric TableRows = Add("duckdb_table_rows", MetricType.Gauge, null, MetricGroup.Table, RetentionClass.Samples, Vantage.Inside,
        "Rows of the largest tables.", ["schema", "table"], null, "an attachment or a verified snapshot");

    public static readonly Metric IndexSize = Add("duckdb_index_size_bytes", MetricType.Gauge, "bytes", MetricGroup.Table, RetentionClass.Samples, Vantage.Inside,
        "Size of a table's indexes.", ["schema", "table"], "index_size_mb", "an attachment or a verified snapshot");

    public static readonly Series TableStatsAge = Dark("duckdb_table_stats_age_seconds", MetricType.Gauge, "seconds", MetricGroup.Table, RetentionClass.Samples,
        "Age of the table and index figures.", null, dark: "an attachment or a verified snapshot");

    public static readonly Series SyncSuccessRatio = Synced("duckdb_sync_success_ratio", MetricType.Gauge, "ratio", "Share of syncs that succeeded.", "sync_success_rate");

    public static readonly Series SyncDuration = Synced("duckdb_sync_duration_seconds", MetricType.Gauge, "seconds", "Duration of the last sync.", "last_sync_duration_seconds");

    public static readonly Series SyncLastSuccess = Synced("duckdb_sync_last_success_timestamp_seconds", MetricType.Gauge, "seconds", "When the last successful sync ended, Unix time.", "last_sync_time");

    public static readonly Series SyncFailures = Synced("duckdb_sync_failures_total", MetricType.Counter, null, "Syncs that failed.", "sync_failure_rate");

    public static readonly Series SyncConsecutiveFailures = Synced("duckdb_sync_consecutive_failures", MetricType.Gauge, null, "Syncs that failed since the last that succeeded.", null);

    public static readonly Series SyncVerifiedAge = Synced("duckdb_sync_verified_age_seconds", MetricType.Gauge, "seconds", "Age of the newest verified snapshot.", null);

    public static readonly Metric DatabaseExpected = Add("duckmesh_database_expected", MetricType.Gauge, null, Database, RetentionClass.Samples, Vantage.Own,
        "1 = its absence is an alert: it was configured by name, or had an owner for long enough.", [], null, "a database that is there, or expected");

    public static readonly Metric AlertFiring = Add("duckmesh_alert_firing", MetricType.Gauge, null, Database, RetentionClass.Alert, Vantage.Own,
        "1 while the rule fires for the database.", ["rule", "severity"], null, "a rule that fires");

    /// <summary>All metrics, in the order in which they are exposed.</summary>
    public static ImmutableArray<Metric> Metrics { get; } = [.. Table];

    public static FrozenDictionary<string, Metric> ByName { get; } = Table.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The length of <see cref="Batch.Values"/>.</summary>
    public static int SeriesCount { get; } = _series;

    private static Series Gauge(string name, MetricGroup group, string? unit, string help, string? plain = null, string dark = "",
        RetentionClass retention = RetentionClass.Samples, (string, string)? labels = null) =>
        First(name, MetricType.Gauge, unit, group, retention, Vantage.Outside, help, plain, dark, labels);

    private static Series Counter(string name, MetricGroup group, string? unit, string help, string? plain = null, string dark = "") =>
        First(name, MetricType.Counter, unit, group, RetentionClass.Samples, Vantage.Outside, help, plain, dark, null);

    private static Series Dark(string name, MetricType type, string? unit, MetricGroup group, RetentionClass retention, string help, string? plain, (string, string)? label = null,
        string dark = Attachment) =>
        First(name, type, unit, group, retention, Vantage.Inside, help, plain, dark, label);

    private static Series Synced(string name, MetricType type, string? unit, string help, string? plain) =>
        First(name, type, unit, Sync, RetentionClass.Sync, Vantage.Own, help, plain, Target, null);

    private static Series First(string name, MetricType type, string? unit, MetricGroup group, RetentionClass retention, Vantage vantage, string help, string? plain, string dark, (string Key, string)? label)
    {
        var metric = Add(name, type, unit, group, retention, vantage, help, label is { } l ? [l.Key] : [], plain, dark);
        return Place(metric, label);
    }

    private static Series Another(Series sibling, (string, string) label) => Place(Table.Single(m => m.Name == sibling.Metric), label);

    private static Series Place(Metric metric, (string Key, string Value)? label)
    {
        var series = new Series(_series++, metric.Name, label is { } l ? [new(l.Key, l.Value)] : []);
        metric.Series = metric.Series.Add(series);
        return series;
    }

    private static Metric Add(string name, MetricType type, string? unit, MetricGroup group, RetentionClass retention, Vantage vantage, string help, ImmutableArray<string> labels, string? plain, string dark)
    {
        var metric = new Metric(name, type, unit, group, retention, vantage, help, labels, plain, dark);
        Table.Add(metric);
        return metric;
    }
}

using System.Collections.Immutable;

namespace DuckMesh.History.ClickHouse;

/// <summary>
/// The tables. Sizes and times behind these choices are in docs/history.md: metric first makes fleet queries 11 times faster, whole seconds and ZSTD save a quarter, and one
/// partition a day and retention lives and dies as a whole.
/// </summary>
internal static class Schema
{
    /// <summary>The version that <see cref="Steps"/> lead to. A store of a higher one is not written.</summary>
    public const uint Version = 1;

    public const string Samples = "samples";
    public const string Rollup = "samples_1h";
    public const string RollupView = "samples_1h_mv";
    public const string Events = "events";
    public const string Versions = "schema_versions";

    /// <summary>How long a rollup is kept at least; it outlives its samples.</summary>
    private const int RollupDays = 365;

    /// <summary>
    /// A plain MergeTree forgets the tokens of its blocks at once unless it is told a window. The window counts parts, all nodes' together, and a block makes one for each day
    /// and retention in it: room for half a day of ten nodes, which is how long a node may be down with a block that is stored but not acknowledged.
    /// </summary>
    private const string Deduplicated = "non_replicated_deduplication_window = 100000";

    /// <summary>The columns that blocks are inserted into, as <c>table name type</c>.</summary>
    public static ImmutableArray<string> Columns { get; } =
    [
        .. Named(Samples, "metric LowCardinality(String)", "database LowCardinality(String)", "host LowCardinality(String)", "labels LowCardinality(String)", "ts DateTime('UTC')", "value Float64",
            "retention_days UInt16"),
        .. Named(Events, "id String", "at DateTime64(6, 'UTC')", "kind LowCardinality(String)", "subject String", "database LowCardinality(String)", "host LowCardinality(String)", "text String",
            "episode String", "rule LowCardinality(String)", "severity LowCardinality(String)", "state LowCardinality(String)", "value Nullable(Float64)", "threshold Nullable(Float64)",
            "retention_days UInt16"),
    ];

    public static ImmutableArray<string> Tables { get; } = [Samples, Rollup, RollupView, Events, Versions];

    /// <summary>
    /// Brings any older version here, in order. There is no transaction over these, so each one can be repeated and run by several nodes at once; the version is written last.
    /// </summary>
    public static ImmutableArray<string> Steps { get; } =
    [
        $$"""
        CREATE TABLE IF NOT EXISTS {{Samples}} (
          metric   LowCardinality(String),
          database LowCardinality(String),
          host     LowCardinality(String),
          labels   LowCardinality(String) DEFAULT '',
          ts       DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
          value    Float64 CODEC(ZSTD(3)),
          retention_days UInt16 DEFAULT 30 CODEC(ZSTD(1))
        ) ENGINE = MergeTree
        PARTITION BY (retention_days, toDate(ts))
        ORDER BY (metric, database, host, labels, ts)
        TTL ts + toIntervalDay(retention_days)
        SETTINGS {{Deduplicated}}, ttl_only_drop_parts = 1
        """,
        $$"""
        CREATE TABLE IF NOT EXISTS {{Rollup}} (
          metric   LowCardinality(String),
          database LowCardinality(String),
          host     LowCardinality(String),
          labels   LowCardinality(String),
          ts       DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
          n        SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
          total    SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
          lo       SimpleAggregateFunction(min, Float64) CODEC(ZSTD(1)),
          hi       SimpleAggregateFunction(max, Float64) CODEC(ZSTD(1)),
          retention_days UInt16 CODEC(ZSTD(1))
        ) ENGINE = AggregatingMergeTree
        PARTITION BY (retention_days, toYYYYMM(ts))
        ORDER BY (metric, database, host, labels, ts)
        TTL ts + toIntervalDay(retention_days)
        SETTINGS {{Deduplicated}}
        """,
        $$"""
        CREATE MATERIALIZED VIEW IF NOT EXISTS {{RollupView}} TO {{Rollup}} AS
        SELECT metric, database, host, labels, toStartOfHour(ts) AS ts,
          count() AS n, sum(value) AS total, min(value) AS lo, max(value) AS hi,
          greatest({{RollupDays}}, retention_days)::UInt16 AS retention_days
        FROM {{Samples}}
        GROUP BY metric, database, host, labels, ts, retention_days
        """,
        // Of an event that is told twice the first telling stays: rank falls with time, and the highest wins.
        $$"""
        CREATE TABLE IF NOT EXISTS {{Events}} (
          id        String CODEC(ZSTD(1)),
          at        DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
          kind      LowCardinality(String),
          subject   String CODEC(ZSTD(1)),
          database  LowCardinality(String),
          host      LowCardinality(String),
          text      String CODEC(ZSTD(3)),
          episode   String CODEC(ZSTD(1)),
          rule      LowCardinality(String),
          severity  LowCardinality(String),
          state     LowCardinality(String),
          value     Nullable(Float64),
          threshold Nullable(Float64),
          retention_days UInt16 CODEC(ZSTD(1)),
          rank      UInt64 DEFAULT bitNot(toUInt64(toUnixTimestamp64Nano(now64(9)))) CODEC(ZSTD(1))
        ) ENGINE = ReplacingMergeTree(rank)
        PARTITION BY (retention_days, toYYYYMM(at))
        ORDER BY (subject, at, id)
        TTL toDateTime(at) + toIntervalDay(retention_days)
        SETTINGS {{Deduplicated}}
        """,
        $$"""
        CREATE TABLE IF NOT EXISTS {{Versions}} (version UInt32, at DateTime('UTC') DEFAULT now())
        ENGINE = MergeTree ORDER BY version
        SETTINGS {{Deduplicated}}
        """,
    ];

    private static IEnumerable<string> Named(string table, params IEnumerable<string> columns) => columns.Select(column => $"{table} {column}");
}

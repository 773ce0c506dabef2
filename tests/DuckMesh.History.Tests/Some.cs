using DuckMesh.History.Blocks;

namespace DuckMesh.History.Tests;

/// <summary>Plain examples.</summary>
internal static class Some
{
    public const string Metric = "duckdb_cpu_usage_ratio";

    public const string Counter = "duckdb_checkpoints_total";

    /// <summary>A midnight two days ago: a store with a clock of its own keeps it, and nothing of it lies ahead.</summary>
    public static readonly long Midnight = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400 * 86_400 - (2 * 86_400);

    public static readonly DateTimeOffset MidnightAt = DateTimeOffset.FromUnixTimeSeconds(Midnight);

    public static SeriesKey Key(string metric = Metric, string database = "orders", string host = "h1", string labels = "", int days = 30) => new(metric, database, host, labels, days);

    public static Sample Sample(long second, double value, SeriesKey? key = null) => new(key ?? Key(), Midnight + second, value);

    public static HistoryBlock Block(string id, params IReadOnlyList<Sample> samples) => new(id, samples, []);

    public static HistoryEvent Event(string id, long second, EventKind kind = EventKind.Discovered, string subject = "h1:/srv/orders.duckdb") =>
        new(id, MidnightAt.AddSeconds(second), kind, subject, "orders", "h1", "it was found");
}

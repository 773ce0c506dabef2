using System.Collections.Immutable;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;
using DuckMesh.Model.Metrics;
using DuckMesh.Model.Naming;
using DuckMesh.Node.Http.Gathering;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http.History;

/// <summary><c>/api/v1/history</c>: a metric over a time, down-sampled in the store.</summary>
internal static class HistoryEndpoint
{
    private const int MostTop = 100;

    /// <summary>Databases of one question: what a screen can tell apart, and a bound for the lookup of their names.</summary>
    private const int MostDatabases = 100;

    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    private static readonly string[] HistogramParts = ["_bucket", "_sum", "_count"];

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/v1/history", Read)
        .AddEndpointFilter(KnownParameters.Of<HistoryQuery>())
        .WithName("readHistory").WithSummary("History of a metric")
        .WithDescription("From the samples, or from the hourly rollup where the step is whole hours or the samples are not kept any more. A range that is too wide is coarsened and says so.")
        .WithTags("history");

    public static void AddQuestions(IServiceCollection services)
    {
        services.AddSingleton<KnownDatabases>();
        services.AddNodeQuestion<HistoryRange, ImmutableArray<HistorySeries>>(
            "history", provider => (range, cancellation) => provider.GetRequiredService<HistoryReader>().ReadAsync(range, cancellation));
    }

    private static async Task<Ok<HistoryItem>> Read(
        [AsParameters] HistoryQuery query, HistoryReader reader, NodeQuestion<HistoryRange, ImmutableArray<HistorySeries>> nodes,
        KnownDatabases known, TimeProvider time, CancellationToken cancellation)
    {
        var metric = MetricOf(query.Metric);
        var (from, to) = Times.Range(query.From, query.To, time.GetUtcNow(), Usual);
        if (query.Top is < 1 or > MostTop) throw new BadQueryException($"top: {query.Top} is not possible; ask for 1 to {MostTop}.");
        var plan = RangePlan.Of(from, to, Times.Step(query.Step), reader.KeptSince(metric.Retention));
        var databases = await OwnersAsync(query, known, cancellation);
        var range = new HistoryRange(
            query.Metric!, databases, from, to, plan.Step, plan.Tier, metric.Type == MetricType.Gauge ? Aggregation.Mean : Aggregation.Max, query.Top, HistoryReader.MostPoints);

        var gathered = await reader.AskAllAsync(nodes, range, reader.ReadAsync, cancellation);
        var series = gathered.Answers.SelectMany(a => a).Where(s => !s.Points.IsEmpty);
        var sorted = query.Top is { } top ? series.OrderByDescending(s => Rank(s, range.Aggregation)).Take(top) : series.OrderBy(s => s.Host, StringComparer.Ordinal).ThenBy(s => s.Database, StringComparer.Ordinal).ThenBy(s => s.Labels, StringComparer.Ordinal);
        return TypedResults.Ok(new HistoryItem(query.Metric!, plan.Step.TotalSeconds, plan.Tier == Tier.Hour ? "hour" : "raw", plan.Coarsened, [.. sorted.Select(Item)], gathered.MissingNames));
    }

    private static Metric MetricOf(string? name)
    {
        if (string.IsNullOrEmpty(name)) throw new BadQueryException("metric: name one, such as metric=duckdb_cpu_usage_ratio. docs/metrics.md lists them.");
        var part = HistogramParts.FirstOrDefault(p => name.EndsWith(p, StringComparison.Ordinal));
        if (part is not null && MetricCatalog.ByName.TryGetValue(name[..^part.Length], out var histogram) && histogram.Type == MetricType.Histogram) return histogram;
        if (MetricCatalog.ByName.TryGetValue(name, out var metric) && metric.Type != MetricType.Histogram) return metric;
        var nearest = metric is null ? NearestName.Of(name, MetricCatalog.ByName.Keys) : $"{name}_bucket";
        throw new BadQueryException($"metric: there is no history of '{name}'. Did you mean {nearest}? docs/metrics.md lists the metrics.");
    }

    /// <summary>Null: all databases.</summary>
    private static async Task<ImmutableArray<SeriesOwner>?> OwnersAsync(HistoryQuery query, KnownDatabases known, CancellationToken cancellation)
    {
        if (query.Database is not { Length: > 0 } asked)
            return query.Host is null ? null : throw new BadQueryException("host: name databases too, database=NAME&host=HOST; without them all hosts are read.");
        if (asked.Length > MostDatabases) throw new BadQueryException($"database: {asked.Length} are too many; ask for at most {MostDatabases}, or for all with top.");
        if (query.Host is { } host) return [.. asked.Select(name => new SeriesOwner(host, name))];

        var owners = ImmutableArray.CreateBuilder<SeriesOwner>();
        foreach (var name in asked.Distinct(StringComparer.Ordinal))
        {
            var found = await known.FindAsync(name, cancellation);
            if (found.IsEmpty) throw new BadQueryException($"database: there is no database '{name}' now. For one that is known to history only name its host too: database=NAME&host=HOST.");
            owners.AddRange(found.Select(d => new SeriesOwner(d.Host, d.Name)));
        }

        return owners.ToImmutable();
    }

    private static double Rank(HistorySeries series, Aggregation aggregation) => aggregation == Aggregation.Mean ? series.Points.Average(p => p.Value) : series.Points[^1].Value;

    private static SeriesItem Item(HistorySeries series) => new(
        SeriesLabels.Parse(series.Labels).ToImmutableSortedDictionary(StringComparer.Ordinal).SetItem("database", series.Database).SetItem("host", series.Host),
        [.. series.Points.Select(p => ImmutableArray.Create<double?>(p.At, double.IsFinite(p.Value) ? p.Value : null))]);
}

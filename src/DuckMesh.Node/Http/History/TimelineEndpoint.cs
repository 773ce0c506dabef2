using System.Collections.Immutable;
using System.ComponentModel;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Node.Http.Gathering;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http.History;

/// <summary><c>/api/v1/databases/{id}/timeline</c>: what happened to a database.</summary>
internal static class TimelineEndpoint
{
    private const int UsualEvents = 200;
    private const int MostEvents = 1000;

    private static readonly TimeSpan Usual = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/v1/databases/{id}/timeline", Read)
        .AddEndpointFilter(KnownParameters.Of<TimelineQuery>())
        .WithName("getTimeline").WithSummary("What happened to a database")
        .WithDescription("Discoveries and losses, owners, alerts, and checkpoints by the hour. The id is URL-encoded; a name is possible for a database that is known now.").WithTags("history");

    public static void AddQuestions(IServiceCollection services) => services.AddNodeQuestion<EventRange, ImmutableArray<HistoryEvent>>(
        "events", provider => (range, cancellation) => provider.GetRequiredService<HistoryReader>().ReadEventsAsync(range, cancellation));

    private static async Task<Ok<TimelineItem>> Read(
        [Description("host:/path or host:container:/path, URL-encoded; or a name.")] string id, [AsParameters] TimelineQuery query, HistoryReader reader,
        NodeQuestion<EventRange, ImmutableArray<HistoryEvent>> events, NodeQuestion<HistoryRange, ImmutableArray<HistorySeries>> samples,
        KnownDatabases known, TimeProvider time, CancellationToken cancellation)
    {
        var (from, to) = Times.Range(query.From, query.To, time.GetUtcNow(), Usual);
        var limit = query.Limit ?? UsualEvents;
        if (limit is < 1 or > MostEvents) throw new BadQueryException($"limit: {limit} is not possible; ask for 1 to {MostEvents}.");
        var (subject, owner) = await SubjectAsync(Uri.UnescapeDataString(id), known, cancellation);

        var happened = await reader.AskAllAsync(events, new EventRange(subject, from, to, limit), reader.ReadEventsAsync, cancellation);
        var all = happened.Answers.SelectMany(a => a).DistinctBy(e => e.Id).OrderBy(e => e.At).TakeLast(limit).ToImmutableArray();
        // One hour more, to know the count at the first hour's beginning.
        var whole = new HistoryRange(MetricCatalog.Checkpoints.Metric, owner is { } o ? [o] : [], Floor(from) - Hour, to, Hour, Tier.Hour, Aggregation.Max, null, HistoryReader.MostPoints);
        var counts = owner is null ? new Gathered<ImmutableArray<HistorySeries>>([], []) : await reader.AskAllAsync(samples, whole, reader.ReadAsync, cancellation);
        var points = counts.Answers.SelectMany(a => a).SelectMany(s => s.Points).GroupBy(p => p.At).Select(g => new HistoryPoint(g.Key, g.Max(p => p.Value))).OrderBy(p => p.At).ToList();
        return TypedResults.Ok(new TimelineItem(
            subject, from.UtcDateTime, to.UtcDateTime, [.. all.Select(e => new EventItem(e))], Restarts(all), [.. PerHour(points)], [.. happened.MissingNames.Union(counts.MissingNames)]));
    }

    /// <summary>The id, and the labels of its series where the fleet knows them now.</summary>
    private static async Task<(string Subject, SeriesOwner? Owner)> SubjectAsync(string asked, KnownDatabases known, CancellationToken cancellation)
    {
        var found = await known.FindAsync(asked, cancellation);
        if (found.Length == 1) return (found[0].Id, new SeriesOwner(found[0].Host, found[0].Name));
        if (DatabaseId.TryParse(asked, out _)) return (asked, null);
        throw new BadQueryException(found.IsEmpty
            ? $"id: there is no database '{asked}' now. For one that is known to history only give its id, URL-encoded."
            : $"id: {found.Length} databases are named '{asked}'. Ask by id, such as {found[0].Id}.");
    }

    private static int Restarts(ImmutableArray<HistoryEvent> events) => Math.Max(0, events.Count(e => e.Kind == EventKind.Owned) - 1);

    /// <summary>What the counter gained in each hour; a counter that fell has begun anew.</summary>
    private static IEnumerable<ImmutableArray<double?>> PerHour(List<HistoryPoint> counts)
    {
        for (var i = 1; i < counts.Count; i++)
        {
            var gained = counts[i].Value - counts[i - 1].Value;
            if (counts[i].At - counts[i - 1].At == (long)Hour.TotalSeconds) yield return [counts[i].At, gained >= 0 ? gained : counts[i].Value];
        }
    }

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Hour.Ticks), TimeSpan.Zero);
}

using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>Events: each once by its id, and read by subject.</summary>
public abstract class EventConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    private const string Orders = "h1:/srv/orders.duckdb";

    [Fact]
    public async Task An_event_comes_back_as_it_was()
    {
        var plain = Some.Event("plain", 0) with { At = Some.MidnightAt.AddTicks(1_234_560) };
        var full = Some.Event("full # 'quoted' \"twice\" \\ ü 🦆", 1, EventKind.Transition) with
        {
            Text = "97 % is over 90 %; it's \"high\"",
            Episode = "h1:/srv/orders.duckdb#HighCpu#1764000000000",
            Rule = "HighCpu",
            Severity = "high",
            State = "firing",
            Value = 0.97,
            Threshold = 0.9,
        };
        await StoreAsync("n-1", full, plain);
        await ReopenAsync();

        Assert.Equal(new[] { plain, full }, await EventsAsync());
    }

    [Fact]
    public async Task All_kinds_are_told_apart()
    {
        HistoryEvent[] events = [.. Enum.GetValues<EventKind>().Select((kind, i) => Some.Event($"e{i}", i, kind))];
        await StoreAsync("n-1", events);

        Assert.Equal(events, await EventsAsync());
    }

    [Fact]
    public async Task An_event_that_is_told_in_two_blocks_is_stored_once()
    {
        await StoreAsync("n-1", Some.Event("a", 0), Some.Event("b", 1), Some.Event("b", 1));
        await StoreAsync("n-2", Some.Event("b", 1), Some.Event("c", 2));
        await ReopenAsync();
        await StoreAsync("n-3", Some.Event("c", 2), Some.Event("a", 0));

        Assert.Equal(["a", "b", "c"], (await EventsAsync()).Select(e => e.Id));
    }

    [Fact]
    public async Task Only_the_subject_is_read_from_the_begin_to_before_the_end()
    {
        await StoreAsync("n-1", Some.Event("a", 0), Some.Event("b", 10), Some.Event("c", 20), Some.Event("d", 10, subject: "h1:/srv/other.duckdb"), Some.Event("e", 10, subject: "h1"));

        Assert.Equal(["a", "b"], (await EventsAsync(to: 20)).Select(e => e.Id));
        Assert.Equal(["b", "c"], (await EventsAsync(from: 1)).Select(e => e.Id));
        Assert.Equal(["e"], (await EventsAsync("h1")).Select(e => e.Id));
        Assert.Empty(await EventsAsync("h1' OR '1'='1"));
        Assert.Empty(await EventsAsync(from: 20, to: 20));
    }

    [Fact]
    public async Task The_limit_keeps_the_newest_oldest_first()
    {
        await StoreAsync("n-1", [.. Enumerable.Range(0, 30).Select(i => Some.Event($"e{i:00}", i))]);

        Assert.Equal(["e27", "e28", "e29"], (await EventsAsync(limit: 3)).Select(e => e.Id));
        Assert.Equal(["e08", "e09"], (await EventsAsync(to: 10, limit: 2)).Select(e => e.Id));
    }

    [Fact]
    public async Task Ten_thousand_events_fit_into_a_block()
    {
        HistoryEvent[] events = [.. Enumerable.Range(0, 10_000).Select(i => Some.Event($"e{i:00000}", i))];
        await StoreAsync("n-1", events);
        await StoreAsync("n-2", events);

        Assert.Equal(events.Length, (await Place.CountAsync()).Events);
        Assert.Equal(events, await EventsAsync(limit: 20_000));
    }

    private async Task<HistoryEvent[]> EventsAsync(string subject = Orders, long from = -1, long to = 86_400, int limit = 1_000) =>
        [.. await Store.ReadEventsAsync(new EventRange(subject, Some.MidnightAt.AddSeconds(from), Some.MidnightAt.AddSeconds(to), limit), CancellationToken.None)];
}

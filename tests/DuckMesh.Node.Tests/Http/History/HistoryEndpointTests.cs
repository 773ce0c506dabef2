using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using DuckMesh.Cluster.Gathering;
using DuckMesh.History;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;
using DuckMesh.Model.Databases;

namespace DuckMesh.Node.Tests.Http.History;

/// <summary>Two nodes with a store each, as with embedded history; noon is 1 795 521 600.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A scripted store holds nothing.")]
public sealed class HistoryEndpointTests : IAsyncLifetime
{
    private readonly ScriptedStore _store = new();
    private readonly ScriptedStore _other = new();
    private readonly TestNode _node = new();
    private readonly TestNode _second = new();

    public async Task InitializeAsync()
    {
        _node.Store = _store;
        _second.Store = _other;
        _node.Snapshot = Some.Fleet(Some.View("orders"));
        _second.Snapshot = Some.Fleet(Some.View(new DatabaseId("h2", null, "/srv/b.duckdb"), "b"));
        await _node.InitializeAsync();
        await _second.InitializeAsync();
        _node.Others = gather => new([new NodeAnswer(new NodeName("127.0.0.1:2", "h2"), _second.AnswerAsync(gather.About, gather.Query).GetAwaiter().GetResult())], []);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_metric_over_an_hour_is_asked_of_each_nodes_store_and_put_together()
    {
        _store.Series = Series(new HistorySeries("orders", "h1", "state=\"used\"", [new(60, 1.5), new(75, 2)]));
        _other.Series = Series(new HistorySeries("b", "h2", "", [new(60, double.PositiveInfinity)]));
        var item = await _node.GetAsync("/api/v1/history?metric=duckdb_blocks&step=15");

        Assert.Equal(("duckdb_blocks", 15, "raw", false), (Text(item, "metric"), item.GetProperty("step").GetInt32(), Text(item, "source"), item.GetProperty("coarsened").GetBoolean()));
        var series = item.GetProperty("series").EnumerateArray().ToList();
        Assert.Equal("""{"database":"orders","host":"h1","state":"used"}""", series[0].GetProperty("labels").GetRawText());
        Assert.Equal("[[60,1.5],[75,2]]", series[0].GetProperty("points").GetRawText());
        Assert.Equal("""{"database":"b","host":"h2"}""", series[1].GetProperty("labels").GetRawText());
        Assert.Equal("[[60,null]]", series[1].GetProperty("points").GetRawText());
        foreach (var asked in new[] { _store.Ranges.Single(), _other.Ranges.Single() })
        {
            Assert.Equal((Some.Noon.AddHours(-1), Some.Noon, TimeSpan.FromSeconds(15), Tier.Raw, Aggregation.Mean), (asked.From, asked.To, asked.Step, asked.Tier, asked.Aggregation));
            Assert.Null(asked.Databases);
        }
    }

    [Fact]
    public async Task Of_a_counter_the_greatest_value_is_taken_and_the_top_of_all_nodes_is_cut_again()
    {
        _store.Series = Series(new("a", "h1", "", [new(0, 5)]), new("c", "h1", "", [new(0, 1)]));
        _other.Series = Series(new("b", "h2", "", [new(0, 9)]), new("d", "h2", "", [new(0, 3)]));
        var item = await _node.GetAsync("/api/v1/history?metric=duckdb_io_read_bytes_total&top=2");
        Assert.Equal(["b", "a"], item.GetProperty("series").EnumerateArray().Select(s => s.GetProperty("labels").GetProperty("database").GetString()));
        Assert.Equal((2, Aggregation.Max), (_other.Ranges[0].Top, _other.Ranges[0].Aggregation));
    }

    [Theory]
    [InlineData("database=orders", "h1/orders")]
    [InlineData("database=h2:/srv/b.duckdb", "h2/b")]
    [InlineData("database=orders&database=b", "h1/orders h2/b")]
    [InlineData("database=gone&host=h9", "h9/gone")]
    public async Task Databases_are_named_by_name_by_id_or_by_name_and_host(string query, string expected)
    {
        await _node.GetAsync("/api/v1/history?metric=duckdb_up&" + query);
        Assert.Equal(expected, string.Join(' ', _other.Ranges.Single().Databases!.Value.Select(d => $"{d.Host}/{d.Database}")));
    }

    [Theory]
    [InlineData("from=2026-11-20T00:00:00Z&to=2026-11-24T00:00:00Z&step=1", 60, "raw", true)]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&step=60", 3600, "hour", true)]
    [InlineData("from=1795435200&to=1795521600&step=1h", 3600, "hour", false)]
    public async Task A_range_that_is_too_wide_is_coarsened_and_says_so(string query, int step, string source, bool coarsened)
    {
        var item = await _node.GetAsync("/api/v1/history?metric=duckdb_up&" + query);
        Assert.Equal((step, source, coarsened), (item.GetProperty("step").GetInt32(), Text(item, "source"), item.GetProperty("coarsened").GetBoolean()));
    }

    [Theory]
    [InlineData("", "metric")]
    [InlineData("metric=duckdb_cpu_usage", "duckdb_cpu_usage_ratio")]
    [InlineData("metric=duckdb_query_latency_seconds", "duckdb_query_latency_seconds_bucket")]
    [InlineData("metric=duckdb_up&from=2026-11-24T12:00:00Z&to=2026-11-24T11:00:00Z", "not before")]
    [InlineData("metric=duckdb_up&from=yesterday", "RFC 3339")]
    [InlineData("metric=duckdb_up&from=1e300", "RFC 3339")]
    [InlineData("metric=duckdb_up&step=0", "step")]
    [InlineData("metric=duckdb_up&step=fast", "step")]
    [InlineData("metric=duckdb_up&top=0", "top")]
    [InlineData("metric=duckdb_up&database=nobody", "nobody")]
    [InlineData("metric=duckdb_up&host=h1", "database")]
    [InlineData("metric=duckdb_up&colour=red", "colour")]
    public async Task What_is_not_possible_is_refused_with_what_to_try(string query, string said) =>
        Assert.Contains(said, await _node.ProblemAsync("/api/v1/history?" + query, HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task Too_many_points_are_refused_and_a_store_that_is_down_is_named()
    {
        _store.Series = (_, _) => throw new HistoryException(HistoryFault.TooMany, "duckdb_up: too many points; ask for less");
        Assert.Contains("ask for less", await _node.ProblemAsync("/api/v1/history?metric=duckdb_up", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        _store.Series = (_, _) => throw new HistoryException(HistoryFault.Unavailable, "http://127.0.0.1:1 does not answer");
        Assert.Contains("127.0.0.1:1", await _node.ProblemAsync("/api/v1/history?metric=duckdb_up", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_not_waited_for()
    {
        var asked = new TaskCompletionSource();
        _store.Series = async (_, cancellation) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return [];
        };
        var answer = _node.ProblemAsync("/api/v1/history?metric=duckdb_up", HttpStatusCode.ServiceUnavailable);
        await asked.Task;
        _node.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Contains("10 s", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeline_tells_events_once_restarts_and_checkpoints_by_the_hour()
    {
        var noon = Some.Noon.ToUnixTimeSeconds();
        HistoryEvent Event(string id, EventKind kind, int minutesAgo) => new(id, Some.Noon.AddMinutes(-minutesAgo), kind, "h1:/srv/orders.duckdb", "orders", "h1", "what happened");
        _store.Events = [Event("1", EventKind.Discovered, 50), Event("2", EventKind.Owned, 49), Event("4", EventKind.Owned, 10)];
        _other.Events = [Event("2", EventKind.Owned, 49), Event("3", EventKind.Released, 11)];
        _store.Series = (range, _) => Task.FromResult<ImmutableArray<HistorySeries>>(range.Databases!.Value.IsEmpty
            ? []
            : [new HistorySeries("orders", "h1", "", [new(noon - 10_800, 5), new(noon - 7_200, 12), new(noon - 3_600, 12), new(noon, 3)])]);
        var item = await _node.GetAsync("/api/v1/databases/h1%3A%2Fsrv%2Forders.duckdb/timeline");
        Assert.Equal(["1", "2", "3", "4"], item.GetProperty("events").EnumerateArray().Select(e => Text(e, "id")));
        Assert.Equal(1, item.GetProperty("restarts").GetInt32());
        Assert.Equal($"[[{noon - 7_200},7],[{noon - 3_600},0],[{noon},3]]", item.GetProperty("checkpointsPerHour").GetRawText());
        Assert.Equal("h1:/srv/orders.duckdb", _other.EventRanges.Single().Subject);
        Assert.Equal(item.GetRawText(), (await _node.GetAsync("/api/v1/databases/orders/timeline")).GetRawText());
    }

    [Fact]
    public async Task The_timeline_of_a_forgotten_database_is_asked_by_id()
    {
        await _node.GetAsync("/api/v1/databases/h7%3A%2Fgone.duckdb/timeline");
        Assert.Equal("h7:/gone.duckdb", _store.EventRanges.Single().Subject);
        Assert.Contains("by its id", (await _node.ProblemAsync("/api/v1/databases/gone/timeline", HttpStatusCode.BadRequest)).Replace("give its id", "by its id", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_history_is_kept_the_answer_says_so_and_what_there_is_instead()
    {
        await using var node = new OffNode();
        await node.Node.InitializeAsync();
        Assert.Contains("keeps no history", await node.Node.ProblemAsync("/api/v1/history?metric=duckdb_up", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    private static Func<HistoryRange, CancellationToken, Task<ImmutableArray<HistorySeries>>> Series(params HistorySeries[] series) => (_, _) => Task.FromResult<ImmutableArray<HistorySeries>>([.. series]);

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private sealed class OffNode : IAsyncDisposable
    {
        public TestNode Node { get; } = new();

        public async ValueTask DisposeAsync() => await Node.DisposeAsync();
    }
}

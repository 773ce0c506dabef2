using System.Net;
using System.Text.Json;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Gathering;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Tests.Http.Gathering;

/// <summary>Two nodes, the second asked by the first as a cluster would; and a third that says nothing.</summary>
public sealed class GatheredListsTests : IAsyncLifetime
{
    private static readonly NodeName Second = new("127.0.0.1:4054", "h2");
    private static readonly NodeName Silent = new("127.0.0.1:4055", "h3");

    private readonly TestNode _first = new();
    private readonly TestNode _second = new();

    public async Task InitializeAsync()
    {
        await _first.InitializeAsync();
        await _second.InitializeAsync();
        _first.Others = gather => new([new NodeAnswer(Second, _second.AnswerAsync(gather.About, gather.Query).GetAwaiter().GetResult())], []);
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData("name", 1)]
    [InlineData("-sizeBytes", 2)]
    [InlineData("host", 3)]
    [InlineData("-name", 7)]
    [InlineData("sizeBytes", 100)]
    public async Task The_pages_of_all_nodes_are_one_list_sorted_each_item_once(string sort, int limit)
    {
        _first.Snapshot = Fleet("h1", 0, 5, 1, 9);
        _second.Snapshot = Fleet("h2", 4, 2, 8, 3, 7, 6);
        var whole = (await _first.GetAsync($"/api/v1/databases?sort={sort}&limit=1000")).GetProperty("items").EnumerateArray().Select(Id).ToList();
        Assert.Equal(10, whole.Count);

        var paged = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _first.GetAsync($"/api/v1/databases?sort={sort}&limit={limit}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            var items = page.GetProperty("items").EnumerateArray().Select(Id).ToList();
            Assert.True(items.Count <= limit);
            paged.AddRange(items);
            cursor = page.GetProperty("next").GetString();
            if (cursor is null) break;
            Assert.NotEmpty(items);
        }

        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task What_another_node_knows_of_a_database_arrives_whole()
    {
        var view = Some.View(new DatabaseId("h2", "web", "/data/a.duckdb"), "a", (MetricCatalog.FileSizeBytes, 12288), (MetricCatalog.CpuUsageRatio, 0.25))
            .With(d => d with { OwnerPid = 7, OwnerExe = "/usr/bin/node", OwnerSince = Some.Noon, Owners = 1, Encrypted = false });
        _second.Snapshot = Some.Fleet(view.With(Some.Episode(view, "HighCpu", EpisodeState.Firing)));
        var asked = "/api/v1/databases/" + Uri.EscapeDataString("h2:web:/data/a.duckdb");
        Assert.Equal((await _second.GetAsync(asked)).GetRawText(), (await _first.GetAsync(asked)).GetRawText());
        Assert.Equal((await _second.GetAsync("/api/v1/databases")).GetRawText(), (await _first.GetAsync("/api/v1/databases")).GetRawText());
        Assert.Equal((await _second.GetAsync("/api/v1/alerts")).GetRawText(), (await _first.GetAsync("/api/v1/alerts")).GetRawText());
    }

    [Fact]
    public async Task Rules_count_the_databases_of_all_nodes()
    {
        var (one, other) = (Some.View("a"), Some.View(new DatabaseId("h2", null, "/srv/b.duckdb"), "b"));
        _first.Snapshot = Some.Fleet(one.With(Some.Episode(one, "HighCpu", EpisodeState.Firing)));
        _second.Snapshot = Some.Fleet(other.With(Some.Episode(other, "HighCpu", EpisodeState.Firing)));
        var rule = (await _first.GetAsync("/api/v1/rules")).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("name").GetString() == "HighCpu");
        Assert.Equal(2, rule.GetProperty("firing").GetInt32());
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named_and_not_silently_left_out()
    {
        _first.Others = _ => new([], [Silent]);
        _first.Snapshot = Fleet("h1", 1);
        foreach (var list in new[] { "databases", "alerts", "rules", "cluster" })
        {
            var missing = (await _first.GetAsync($"/api/v1/{list}")).GetProperty("missing").EnumerateArray().Select(m => m.GetString());
            Assert.Equal(["127.0.0.1:4055"], missing);
        }

        var node = (await _first.GetAsync("/api/v1/cluster")).GetProperty("items").EnumerateArray().Single(n => n.GetProperty("host").GetString() == "h3");
        Assert.Equal(("unreachable", JsonValueKind.Null), (node.GetProperty("state").GetString(), node.GetProperty("databases").ValueKind));
        Assert.Contains("127.0.0.1:4055", await _first.ProblemAsync("/api/v1/databases/nobody", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_can_not_be_read_is_as_good_as_none()
    {
        _first.Others = _ => new([new NodeAnswer(Second, "{\"items\": 7}")], []);
        Assert.Equal("127.0.0.1:4054", (await _first.GetAsync("/api/v1/databases")).GetProperty("missing")[0].GetString());
    }

    [Fact]
    public async Task A_query_that_is_not_possible_asks_no_other_node()
    {
        _first.Others = _ => throw new InvalidOperationException("asked");
        await _first.ProblemAsync("/api/v1/databases?sort=color", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Service_discovery_lists_every_node_as_prometheus_reads_it()
    {
        var groups = (await _first.GetAsync("/sd")).EnumerateArray().ToList();
        Assert.Equal(["127.0.0.1:9642", "127.0.0.1:9643"], groups.Select(g => g.GetProperty("targets")[0].GetString()));
        Assert.Equal("h2", groups[1].GetProperty("labels").GetProperty("__meta_duckmesh_host").GetString());
    }

    private static FleetSnapshot Fleet(string host, params int[] sizes) =>
        Some.Fleet([.. sizes.Select(s => Some.View(new DatabaseId(host, null, $"/srv/{s}.duckdb"), $"d{s}", (MetricCatalog.FileSizeBytes, s)))]);

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;
}

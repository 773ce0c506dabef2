using System.Net;
using System.Text.Json;
using CsCheck;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Tests.Http;

public sealed class DatabasesEndpointTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task A_database_has_the_fields_of_the_contract()
    {
        var view = Some.View("orders", (MetricCatalog.FileSizeBytes, 12_582_912), (MetricCatalog.WalSizeBytes, 4096), (MetricCatalog.CpuUsageRatio, 0.25))
            .With(d => d with { OwnerPid = 4711, OwnerExe = "/usr/bin/node", OwnerSince = Some.Noon.AddHours(-1), Owners = 1, StorageVersion = 68, Reason = null });
        node.Snapshot = Some.Fleet(view.With(Some.Episode(view, "HighCpu", EpisodeState.Firing), Some.Episode(view, "DiskFull", EpisodeState.Pending)));

        var page = await node.GetAsync("/api/v1/databases");

        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal(0, page.GetProperty("missing").GetArrayLength());
        var item = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal("h1:/srv/orders.duckdb", item.GetProperty("id").GetString());
        Assert.Equal("orders", item.GetProperty("name").GetString());
        Assert.Equal("h1", item.GetProperty("host").GetString());
        Assert.Equal("/srv/orders.duckdb", item.GetProperty("path").GetString());
        Assert.Equal("up", item.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("reason").ValueKind);
        Assert.Equal(4711, item.GetProperty("owner").GetProperty("pid").GetInt32());
        Assert.Equal("/usr/bin/node", item.GetProperty("owner").GetProperty("exe").GetString());
        Assert.Equal("2026-11-24T11:00:00Z", item.GetProperty("owner").GetProperty("since").GetString());
        Assert.Equal(12_582_912, item.GetProperty("sizeBytes").GetInt64());
        Assert.Equal(4096, item.GetProperty("walBytes").GetInt64());
        Assert.Equal(68, item.GetProperty("storageVersion").GetInt32());
        Assert.Equal(["HighCpu"], item.GetProperty("alerts").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal("2026-11-24T12:00:00Z", item.GetProperty("lastSeen").GetString());
        Assert.Equal("127.0.0.1:4053", item.GetProperty("node").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("checkpoints").ValueKind);
    }

    [Fact]
    public async Task A_database_that_was_not_looked_at_yet_has_no_state_and_no_owner()
    {
        node.Snapshot = Some.Fleet(Some.View("new").With(d => d with { State = DatabaseState.Unknown }) with { Latest = null });

        var item = (await node.GetAsync("/api/v1/databases")).GetProperty("items")[0];

        Assert.Equal(JsonValueKind.Null, item.GetProperty("state").ValueKind);
        Assert.Equal(JsonValueKind.Null, item.GetProperty("owner").ValueKind);
        Assert.Equal(JsonValueKind.Null, item.GetProperty("sizeBytes").ValueKind);
        Assert.Equal(JsonValueKind.Null, item.GetProperty("lastSeen").ValueKind);
    }

    [Theory]
    [InlineData("", "a b c d")]
    [InlineData("state=up", "a b")]
    [InlineData("state=down,unowned", "c d")]
    [InlineData("state=down&state=up", "a b c")]
    [InlineData("host=h2", "b")]
    [InlineData("name=c", "c")]
    [InlineData("owner=4711", "a")]
    [InlineData("owner=PYTHON", "b")]
    [InlineData("q=SRV/C.", "c")]
    [InlineData("q=permission", "d")]
    [InlineData("alerts=firing", "a")]
    [InlineData("state=up&alerts=firing&host=h2", "")]
    [InlineData("sort=-name", "d c b a")]
    [InlineData("sort=sizeBytes", "b a c d")]
    [InlineData("sort=-sizeBytes", "a b c d")]
    [InlineData("sort=-alerts", "a c d b")]
    public async Task The_list_is_filtered_and_sorted(string query, string expected)
    {
        var a = Some.View("a", (MetricCatalog.FileSizeBytes, 200)).With(d => d with { OwnerPid = 4711, OwnerExe = "/usr/bin/node" });
        var b = Some.View(new DatabaseId("h2", null, "/srv/b.duckdb"), "b", (MetricCatalog.FileSizeBytes, 100)).With(d => d with { OwnerPid = 14711, OwnerExe = "/usr/bin/python3" });
        var c = Some.View("c").With(d => d with { State = DatabaseState.Down });
        var d = Some.View("d").With(d => d with { State = DatabaseState.Unowned, Reason = "Permission denied" });
        node.Snapshot = Some.Fleet(a.With(Some.Episode(a, "HighCpu", EpisodeState.Firing)), b.With(Some.Episode(b, "HighCpu", EpisodeState.Pending)), c, d);

        Assert.Equal(expected, string.Join(' ', await NamesAsync($"/api/v1/databases?{query}")));
    }

    [Fact]
    public async Task Pages_together_are_the_whole_list_each_item_once()
    {
        node.Snapshot = Some.Fleet([.. Enumerable.Range(0, 25).Select(i => Some.View($"db{i:00}", (MetricCatalog.FileSizeBytes, i % 3 == 0 ? double.NaN : i % 4)))]);
        foreach (var sort in new[] { "name", "-name", "sizeBytes", "-sizeBytes", "state" })
        {
            var whole = await NamesAsync($"/api/v1/databases?sort={sort}");
            var parts = new List<string>();
            for (string? cursor = null, next = ""; next is not null; cursor = next)
            {
                var page = await node.GetAsync($"/api/v1/databases?sort={sort}&limit=4{(cursor is null ? "" : $"&cursor={cursor}")}");
                parts.AddRange(Names(page));
                next = page.GetProperty("next").GetString();
            }

            Assert.Equal(whole, parts);
            Assert.Equal(25, whole.Count);
        }
    }

    [Theory]
    [InlineData("state=sleeping", "unowned")]
    [InlineData("sort=colour", "sizeBytes")]
    [InlineData("limit=0", "1 to 1000")]
    [InlineData("limit=1001", "1 to 1000")]
    [InlineData("limit=many", "limit: 'many' is not possible; a number is.")]
    [InlineData("limit=1&limit=2", "limit: '1,2' is not possible; a number is.")]
    [InlineData("cursor=x", "first page")]
    [InlineData("alerts=quiet", "firing")]
    [InlineData("stat=up", "did you mean 'state'? Known are state")]
    public async Task A_wrong_parameter_is_named_with_what_is_possible(string query, string hint) =>
        Assert.Contains(hint, await node.ProblemAsync($"/api/v1/databases?{query}", HttpStatusCode.BadRequest), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task A_cursor_of_another_sort_is_refused()
    {
        node.Snapshot = Some.Fleet(Some.View("a"), Some.View("b"));
        var cursor = (await node.GetAsync("/api/v1/databases?limit=1")).GetProperty("next").GetString();

        Assert.Contains("sorted by name", await node.ProblemAsync($"/api/v1/databases?sort=-name&cursor={cursor}", HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_database_is_found_by_id_in_either_form_and_by_name()
    {
        var view = Some.View("orders", (MetricCatalog.BlocksUsed, 3), (MetricCatalog.Up, 1));
        node.Snapshot = Some.Fleet(view.With(Some.Episode(view, "HighCpu", EpisodeState.Resolved)) with { NoData = ["FailedQueries"] });
        foreach (var id in new[] { "orders", "h1:/srv/orders.duckdb", "h1%3A%2Fsrv%2Forders.duckdb" })
        {
            var item = await node.GetAsync($"/api/v1/databases/{id}");
            Assert.Equal("h1:/srv/orders.duckdb", item.GetProperty("id").GetString());
            Assert.Equal(3, item.GetProperty("metrics").GetProperty("duckdb_blocks{state=\"used\"}").GetDouble());
            Assert.Equal(2, item.GetProperty("metrics").EnumerateObject().Count());
            Assert.Equal("resolved", item.GetProperty("episodes")[0].GetProperty("state").GetString());
            Assert.Equal("FailedQueries", item.GetProperty("noData")[0].GetString());
        }
    }

    [Fact]
    public async Task A_name_that_two_databases_have_is_answered_with_their_ids()
    {
        node.Snapshot = Some.Fleet(Some.View("orders"), Some.View(new DatabaseId("h2", null, "/x.duckdb"), "orders"));

        Assert.Contains("h2:/x.duckdb", await node.ProblemAsync("/api/v1/databases/orders", HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_database_is_a_404_that_says_how_to_find_one() =>
        Assert.Contains("?q=", await node.ProblemAsync("/api/v1/databases/h1:/no.duckdb", HttpStatusCode.NotFound), StringComparison.Ordinal);

    [Fact]
    public void Any_path_of_bytes_finds_its_way_through_the_URL() =>
        Gen.Byte[1, 255].Array[1, 60].Sample(
            bytes =>
            {
                var id = new DatabaseId("h1", null, "/" + FilePath.FromBytes(bytes));
                node.Snapshot = Some.Fleet(Some.View(id, "any"), Some.View("other"));
                var item = node.GetAsync($"/api/v1/databases/{Uri.EscapeDataString(id.Value)}").GetAwaiter().GetResult();
                Assert.Equal(id.Value, item.GetProperty("id").GetString());
            },
            iter: 500, threads: 1);

    private async Task<List<string>> NamesAsync(string path) => Names(await node.GetAsync(path));

    private static List<string> Names(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];
}

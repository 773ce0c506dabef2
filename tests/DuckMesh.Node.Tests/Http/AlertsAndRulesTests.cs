using System.Net;
using System.Text.Json;
using DuckMesh.Alerting;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Node.Tests.Http;

public sealed class AlertsAndRulesTests : IAsyncLifetime
{
    private readonly TestNode _node = new();

    public async Task InitializeAsync()
    {
        await _node.InitializeAsync();
        var a = Some.View("a");
        var b = Some.View("b");
        _node.Snapshot = Some.Fleet(
            a.With(Some.Episode(a, "HighCpu", EpisodeState.Firing, 3), Some.Episode(a, "DiskFull", EpisodeState.Pending, 2), Some.Episode(a, "HighMemory", EpisodeState.Resolved, 1)),
            b.With(Some.Episode(b, "HighCpu", EpisodeState.NoData, 5), Some.Episode(b, "DatabaseDown", EpisodeState.Firing, 4, Severity.Critical)) with { NoData = ["FailedQueries"] });
    }

    public Task DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("", "DiskFull HighCpu DatabaseDown HighCpu")]
    [InlineData("state=firing", "HighCpu DatabaseDown")]
    [InlineData("state=resolved", "HighMemory")]
    [InlineData("state=pending,noData&sort=since", "HighCpu DiskFull")]
    [InlineData("rule=HighCpu&database=b", "HighCpu")]
    [InlineData("database=h1:/srv/a.duckdb", "DiskFull HighCpu")]
    [InlineData("severity=critical", "DatabaseDown")]
    [InlineData("host=h2", "")]
    [InlineData("sort=-severity&limit=1", "DatabaseDown")]
    public async Task Alerts_are_those_that_are_open_unless_asked_otherwise(string query, string rules) =>
        Assert.Equal(rules, string.Join(' ', (await _node.GetAsync($"/api/v1/alerts?{query}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("rule").GetString())));

    [Fact]
    public async Task An_alert_has_the_fields_of_the_contract()
    {
        var item = (await _node.GetAsync("/api/v1/alerts?rule=DiskFull")).GetProperty("items")[0];

        Assert.Equal($"h1:/srv/a.duckdb#DiskFull#{Some.Noon.AddMinutes(-2).ToUnixTimeMilliseconds()}", item.GetProperty("id").GetString());
        Assert.Equal("high", item.GetProperty("severity").GetString());
        Assert.Equal("a", item.GetProperty("database").GetString());
        Assert.Equal("h1", item.GetProperty("host").GetString());
        Assert.Equal("pending", item.GetProperty("state").GetString());
        Assert.Equal("2026-11-24T11:58:00Z", item.GetProperty("since").GetString());
        Assert.Equal(0.97, item.GetProperty("value").GetDouble());
        Assert.Equal(0.9, item.GetProperty("threshold").GetDouble());
        Assert.Equal("stop accepting writes", item.GetProperty("action").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("acknowledgedBy").ValueKind);
    }

    [Fact]
    public async Task A_journal_that_fails_is_an_alert_of_the_node_about_itself()
    {
        _node.Status.Journal.Failed("pulse", "the disk is full");
        Assert.Equal("pending", (await _node.GetAsync("/api/v1/alerts?rule=JournalDown")).GetProperty("items")[0].GetProperty("state").GetString());

        _node.Time.Advance(NodeRules.JournalDown.For);

        var item = (await _node.GetAsync("/api/v1/alerts?rule=JournalDown&state=firing")).GetProperty("items")[0];
        Assert.Equal($"h1#JournalDown#{Some.Noon.ToUnixTimeMilliseconds()}", item.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("database").ValueKind);
        Assert.Equal("the disk is full", item.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_state_that_no_alert_has_is_refused() =>
        Assert.Contains("noData", await _node.ProblemAsync("/api/v1/alerts?state=loud", HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task Each_rule_says_how_the_fleet_stands_with_it()
    {
        var rules = (await _node.GetAsync("/api/v1/rules")).GetProperty("items").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!);

        Assert.Equal(BuiltInRules.All.Select(r => r.Name), rules.Keys);
        Assert.Equal((0, 1, 1), Counts(rules["HighCpu"]));
        Assert.Equal((1, 0, 0), Counts(rules["DiskFull"]));
        Assert.Equal((0, 0, 1), Counts(rules["FailedQueries"]));
        Assert.Equal(0.9, rules["HighCpu"].GetProperty("threshold").GetDouble());
        Assert.Equal(60, rules["HighCpu"].GetProperty("for").GetDouble());
        Assert.Equal(60, rules["FailedQueries"].GetProperty("window").GetDouble());
        Assert.Equal("docs/runbooks/HighCpu.md", rules["HighCpu"].GetProperty("runbook").GetString());
        Assert.True(rules["HighCpu"].GetProperty("enabled").GetBoolean());
    }

    private static (int Pending, int Firing, int NoData) Counts(JsonElement rule) =>
        (rule.GetProperty("pending").GetInt32(), rule.GetProperty("firing").GetInt32(), rule.GetProperty("noData").GetInt32());
}

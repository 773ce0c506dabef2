using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Tests.Http;

public sealed class MetricsEndpointTests : IAsyncLifetime
{
    private const string OpenMetrics = "application/openmetrics-text";

    private readonly TestNode _node = new();

    public async Task InitializeAsync()
    {
        await _node.InitializeAsync();
        var all = MetricCatalog.Metrics.SelectMany(m => m.Series).Select(s => (s, 0.5)).ToArray();
        var a = Some.View("a", all);
        _node.Snapshot = Some.Fleet(a.With(Some.Episode(a, "HighCpu", EpisodeState.Firing)), Some.View("b \"quoted\" \\ ü\n", all));
    }

    public Task DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(null, "text/plain")]
    [InlineData("*/*", "text/plain")]
    [InlineData("text/plain;version=0.0.4", "text/plain")]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.4,text/plain;q=0.5", "text/plain")]
    [InlineData("application/openmetrics-text;version=0.0.1", "text/plain")]
    [InlineData("nonsense;;;", "text/plain")]
    public async Task The_format_is_the_one_that_the_scraper_prefers(string? accept, string type)
    {
        using var response = await GetAsync("/metrics", accept);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(type == OpenMetrics ? 1 : 0, body.Split("# EOF\n").Length - 1);
        if (type == OpenMetrics) Assert.EndsWith("# EOF\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Databases_come_first_then_the_node_itself()
    {
        var body = await _node.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var databases = body.IndexOf("duckdb_up{database=\"a\",host=\"h1\"} 0.5\n", StringComparison.Ordinal);
        Assert.True(databases >= 0);
        Assert.True(databases < body.IndexOf("# TYPE duckmesh_journal_up gauge", StringComparison.Ordinal));
        Assert.Contains("duckmesh_alert_firing{rule=\"HighCpu\",severity=\"high\",database=\"a\",host=\"h1\"} 1\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collect=system", "There is no parameter 'collect': did you mean 'collect[]'?")]
    [InlineData("databse=a", "did you mean 'database'?")]
    [InlineData("collect[]=sistem", "collect[]: 'sistem' is not possible; choose of system")]
    public async Task A_misspelt_choice_is_refused_and_not_answered_with_everything(string query, string hint) =>
        Assert.Contains(hint, await _node.ProblemAsync($"/metrics?{query}", HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Theory]
    [InlineData("collect[]=node", "duckmesh_journal_up", "duckdb_up")]
    [InlineData("collect%5B%5D=system", "duckdb_cpu_usage_ratio", "duckdb_up")]
    [InlineData("collect[]=database&collect[]=node", "duckmesh_journal_up", "duckdb_cpu_usage_ratio")]
    [InlineData("database=a", "duckdb_up{database=\"a\"", "duckmesh_journal_up")]
    public async Task A_scrape_is_narrowed_to_groups_and_databases(string query, string there, string notThere)
    {
        var body = await _node.Client.GetStringAsync(new Uri($"/metrics?{query}", UriKind.Relative));
        Assert.Contains(there, body, StringComparison.Ordinal);
        Assert.DoesNotContain(notThere, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_narrowed_OpenMetrics_document_still_has_its_end()
    {
        using var response = await GetAsync("/metrics?collect[]=sync", OpenMetrics);
        Assert.EndsWith("# EOF\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_group_is_refused_and_the_groups_are_named() =>
        Assert.Contains("system, database, query, error, sync, table, node", await _node.ProblemAsync("/metrics?collect[]=weather", HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task Gzip_is_used_where_it_is_accepted()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics?collect[]=database");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var response = await _node.Client.SendAsync(request);
        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);

        Assert.Equal(await _node.Client.GetStringAsync(new Uri("/metrics?collect[]=database", UriKind.Relative)), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_HEAD_has_the_headers_and_nothing_else()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/metrics");
        using var response = await _node.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_complain_about()
    {
        var body = await _node.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(body);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

        Assert.Equal("", string.Concat(await said));
        Assert.Equal(0, promtool.ExitCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await _node.Client.SendAsync(request);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Tests.Http;

public sealed class HttpApiTests : IAsyncLifetime
{
    private readonly TestNode _node = new();

    public Task InitializeAsync() => _node.InitializeAsync();

    public Task DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task An_unknown_path_is_a_problem_that_says_where_to_look() =>
        Assert.Contains("/openapi/v1.json", await _node.ProblemAsync("/api/v1/nothing", HttpStatusCode.NotFound), StringComparison.Ordinal);

    [Fact]
    public async Task Errors_are_problems_whatever_the_caller_accepts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        request.Headers.Add("Accept", "text/html");
        using var response = await _node.Client.SendAsync(request);
        await TestNode.ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_wrong_method_is_a_problem_that_names_the_right_one()
    {
        using var response = await _node.Client.DeleteAsync(new Uri("/api/v1/databases", UriKind.Relative));
        Assert.Contains("GET is", await TestNode.ProblemAsync(response, HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_defect_is_a_problem_that_names_the_request_and_tells_nothing_else()
    {
        _node.Exporter = _ => throw new InvalidOperationException("secret");
        var detail = await _node.ProblemAsync("/api/v1/databases", HttpStatusCode.InternalServerError);
        Assert.Contains("log", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/api/v1/databases")]
    [InlineData("/api/v1/alerts")]
    public async Task An_exporter_that_does_not_answer_is_a_503_after_its_deadline(string path)
    {
        var asked = new TaskCompletionSource();
        _node.Exporter = cancellation =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<Cluster.Exporter.FleetSnapshot>().Task.WaitAsync(cancellation);
        };
        var answer = _node.Client.GetAsync(path);
        await asked.Task;
        // The wait for the exporter begins right after it was asked; the clock is virtual, so it is pushed until the answer is there.
        while (!answer.IsCompleted)
        {
            _node.Time.Advance(DuckMesh.Node.Http.Fleet.Deadline);
            await Task.WhenAny(answer, Task.Delay(5));
        }

        using var response = await answer;
        Assert.Contains("/health/ready", await TestNode.ProblemAsync(response, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_description_of_another_version_is_a_problem_like_any_path_that_does_not_exist() =>
        Assert.Contains("/openapi/v1.json", await _node.ProblemAsync("/openapi/v2.json", HttpStatusCode.NotFound), StringComparison.Ordinal);

    [Fact]
    public async Task Every_answer_tells_browsers_to_be_careful_and_none_names_the_server()
    {
        foreach (var path in new[] { "/", "/metrics", "/api/v1/rules", "/nothing" })
        {
            using var response = await _node.Client.GetAsync(path);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Theory]
    [InlineData("localhost:9642", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:9642", true)]
    [InlineData("evil.example:9642", false)]
    [InlineData("192.0.2.7", false)]
    public async Task Only_names_of_the_loopback_are_served_so_that_no_web_page_can_reach_in(string host, bool served)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/rules") { Headers = { Host = host } };
        using var response = await _node.Client.SendAsync(request);
        if (served) Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else await TestNode.ProblemAsync(response, HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task A_request_line_without_end_is_refused()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_node.Address.Host, _node.Address.Port);
        await using var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /{new string('x', 100_000)} HTTP/1.1\r\n"));
        }
        catch (IOException)
        {
            // refused while still writing: what is asserted below may then be cut off too
        }

        var answer = new byte[64];
        var read = await stream.ReadAsync(answer);
        Assert.StartsWith("HTTP/1.1 414", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_is_live_and_ready_names_each_check()
    {
        using var live = await _node.Client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var ready = await _node.GetAsync("/health/ready");
        Assert.True(ready.GetProperty("ready").GetBoolean());
        Assert.Equal(["member", "region", "journal"], ready.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_node_whose_journal_fails_is_not_ready_and_says_why()
    {
        _node.Status.Journal.Failed("pulse", "database or disk is full");
        using var response = await _node.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Contains("journal: database or disk is full", await TestNode.ProblemAsync(response, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.False(body.GetProperty("ready").GetBoolean());
        Assert.False(body.GetProperty("checks")[2].GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_node_that_is_still_joining_is_not_ready()
    {
        _node.Status.MemberUp = false;
        Assert.Contains("joining", await _node.ProblemAsync("/health/ready", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_is_this_node_with_its_blind_spots()
    {
        _node.Snapshot = Some.Fleet(Some.View("a"), Some.View("b"));
        _node.Status.CellStarted();
        _node.Status.Discovery = new DiscoveryReport([], 2, [new BlindSpot(17, "java", 3, "run as root")], ["/x could not be listed"], 40, 1);

        var node = Assert.Single((await _node.GetAsync("/api/v1/cluster")).GetProperty("items").EnumerateArray());

        Assert.Equal("127.0.0.1:4053", node.GetProperty("address").GetString());
        Assert.Equal("h1", node.GetProperty("host").GetString());
        Assert.Equal("up", node.GetProperty("state").GetString());
        Assert.Equal(1, node.GetProperty("cells").GetInt32());
        Assert.Equal(2, node.GetProperty("databases").GetInt32());
        Assert.Matches(@"^\d+\.\d+\.\d+$", node.GetProperty("version").GetString());
        Assert.Equal(17, node.GetProperty("discovery").GetProperty("blindSpots")[0].GetProperty("pid").GetInt32());
        Assert.Equal("/x could not be listed", node.GetProperty("discovery").GetProperty("warnings")[0].GetString());
    }

    [Fact]
    public async Task The_home_page_links_only_to_what_there_is()
    {
        var page = await _node.Client.GetStringAsync(new Uri("/", UriKind.Relative));
        var links = page.Split("href=\"")[1..].Select(l => l[..l.IndexOf('"', StringComparison.Ordinal)]).ToList();
        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            using var response = await _node.Client.GetAsync(link);
            Assert.True(response.IsSuccessStatusCode, link);
        }
    }

    [Fact]
    public async Task The_description_names_every_path_and_describes_every_parameter_and_schema()
    {
        var document = await _node.GetAsync("/openapi/v1.json");
        var paths = document.GetProperty("paths");
        Assert.Equal(
            ["/api/v1/alerts", "/api/v1/cluster", "/api/v1/databases", "/api/v1/databases/{id}", "/api/v1/databases/{id}/timeline", "/api/v1/history", "/api/v1/rules", "/health/live", "/health/ready", "/metrics", "/sd"],
            paths.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var operation in paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()))
        {
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("description").GetString()!);
            if (!operation.Value.TryGetProperty("parameters", out var parameters)) continue;
            foreach (var parameter in parameters.EnumerateArray())
                Assert.False(string.IsNullOrEmpty(parameter.GetProperty("description").GetString()), $"{operation.Name} {parameter}");
        }

        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).ToList();
        foreach (var expected in new[] { "DatabaseItem", "DatabaseDetail", "AlertItem", "RuleItem", "NodeItem", "ProblemDetails", "PageOfDatabaseItem" }) Assert.Contains(expected, schemas);
    }
}

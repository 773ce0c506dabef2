using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DuckMesh.Acceptance.Harness;

namespace DuckMesh.Acceptance.Nodes;

/// <summary>A running DuckMesh node, as a user starts it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>The label <c>host</c> of all test nodes.</summary>
    public const string Host = "testhost";

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RequestDeadline = TimeSpan.FromSeconds(5);

    private readonly RunningProgram _program;
    private readonly HttpClient _http;
    private readonly long _started = Stopwatch.GetTimestamp();

    private NodeProcess(RunningProgram program, string data, int port)
    {
        _program = program;
        Data = data;
        Address = $"127.0.0.1:{port}";
        _http = new HttpClient { BaseAddress = new Uri($"http://{Address}"), Timeout = RequestDeadline };
    }

    /// <summary>Host and port of its HTTP.</summary>
    public string Address { get; }

    public string Data { get; }

    public int Pid => _program.Id;

    public bool Ended => _program.Ended;

    public string Output => _program.Output;

    public string Errors => _program.Errors;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Starts a node with a port of its own; does not wait for it.</summary>
    /// <param name="environment">Further or other <c>DUCKMESH_*</c> variables; null takes one away.</param>
    public static NodeProcess Start(string data, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var port = FreePort();
        var variables = new Dictionary<string, string?>
        {
            ["DUCKMESH_HTTP"] = $"127.0.0.1:{port}",
            ["DUCKMESH_PORT"] = "0",
            ["DUCKMESH_DATA"] = data,
            ["DUCKMESH_HOST"] = Host,
            ["DUCKMESH_INTERVAL"] = "1s",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            variables[name] = value;
        return new NodeProcess(RunningProgram.Start("dotnet", [Repository.Node, .. arguments ?? []], variables), data, port);
    }

    public static async Task<NodeProcess> StartReady(string data, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var node = Start(data, arguments, environment);
        try
        {
            await node.Ready();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task Ready()
    {
        try
        {
            await Eventually.Sees("/health/ready answers 200", ReadyDeadline,
                () => Ended ? throw new InvalidOperationException("it ended") : _http.GetAsync("/health/ready"), answer => answer.IsSuccessStatusCode, answer => $"{answer.StatusCode}");
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"the node did not become ready: {error.Message}\n{_program.Describe()}", error);
        }
    }

    public async Task<(HttpStatusCode Status, string Body)> Get(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>All items of a list of the API, page by page.</summary>
    public async Task<IReadOnlyList<JsonObject>> List(string path)
    {
        var items = new List<JsonObject>();
        var join = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var url = $"/api/v1{path}"; ;)
        {
            var (status, body) = await Get(url);
            if (status != HttpStatusCode.OK)
                throw new HttpRequestException($"{url} answered {status}: {body}");
            var page = JsonNode.Parse(body)!.AsObject();
            items.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            if ((string?)page["next"] is not { } cursor)
                return items;
            url = $"/api/v1{path}{join}cursor={Uri.EscapeDataString(cursor)}";
        }
    }

    /// <summary>The databases under a folder, by path: a test shares its machine with databases that are not its own.</summary>
    public async Task<Dictionary<string, JsonObject>> Databases(string folder) =>
        (await List($"/databases?q={Uri.EscapeDataString(folder)}")).ToDictionary(database => (string)database["path"]!);

    /// <summary>The database of that file; null while the node does not know it.</summary>
    public async Task<JsonObject?> Database(string path) => (await Databases(path)).GetValueOrDefault(path);

    /// <summary>The alerts of databases under a folder.</summary>
    public async Task<IReadOnlyList<JsonObject>> Alerts(string folder) =>
        [.. (await List("/alerts")).Where(alert => ((string?)alert["id"])?.Contains($":{folder}/", StringComparison.Ordinal) == true)];

    public async Task<Exposition> Metrics(string query = "")
    {
        var (status, body) = await Get("/metrics" + query);
        return status == HttpStatusCode.OK ? Exposition.Parse(body) : throw new HttpRequestException($"/metrics answered {status}: {body}");
    }

    public void SigTerm() => _program.SigTerm();

    /// <summary>kill -9.</summary>
    public Task Kill() => _program.Kill();

    public Task<int> ExitCode(TimeSpan deadline) => _program.ExitCode(deadline);

    public string Describe() => _program.Describe();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }
}

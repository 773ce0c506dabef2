using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;

namespace DuckMesh.Acceptance.Prometheus;

/// <summary>A real Prometheus with the configuration and the rules that we ship; only its target and its pace are the test's.</summary>
internal sealed partial class PrometheusProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(30);

    private readonly RunningProgram _program;
    private readonly HttpClient _http;

    private PrometheusProcess(RunningProgram program, int port)
    {
        _program = program;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    public static async Task<PrometheusProcess> Start(TestFolder folder, string target)
    {
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Prometheus, "prometheus.yml"));
        var configuration = shipped
            .Replace("127.0.0.1:9642", target, StringComparison.Ordinal)
            .Replace("rules/*.yml", Path.Combine(Repository.Prometheus, "rules", "*.yml"), StringComparison.Ordinal);
        configuration = Pace().Replace(configuration, "$1: 1s");
        var port = NodeProcess.FreePort();
        var prometheus = new PrometheusProcess(
            RunningProgram.Start("prometheus",
                [$"--config.file={folder.File("prometheus.yml", configuration)}", $"--storage.tsdb.path={folder["prometheus"]}", $"--web.listen-address=127.0.0.1:{port}"]),
            port);
        await Eventually.Sees("prometheus is ready", ReadyDeadline,
            () => prometheus._program.Ended ? throw new InvalidOperationException(prometheus._program.Describe()) : prometheus._http.GetAsync("/-/ready"),
            answer => answer.IsSuccessStatusCode, answer => $"{answer.StatusCode}");
        return prometheus;
    }

    /// <summary>The result vector of an instant query.</summary>
    public async Task<IReadOnlyList<JsonObject>> Query(string expression)
    {
        var data = await Get($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        return [.. data["result"]!.AsArray().Select(item => item!.AsObject())];
    }

    public async Task<JsonObject> Get(string path)
    {
        var answer = JsonNode.Parse(await _http.GetStringAsync(path))!;
        return answer["data"]!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }

    [GeneratedRegex(@"(scrape_interval|evaluation_interval): \w+")]
    private static partial Regex Pace();
}

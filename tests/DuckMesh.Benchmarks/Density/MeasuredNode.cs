using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DuckMesh.Benchmarks.Density;

/// <summary>A node in a process of its own: its CPU and resident memory by <c>/proc</c>, all else by its own metrics.</summary>
internal sealed class MeasuredNode : IAsyncDisposable
{
    /// <summary>USER_HZ, fixed on Linux.</summary>
    private const int TicksPerSecond = 100;

    private static readonly TimeSpan FoundWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _http;

    private MeasuredNode(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = AnswerWithin };
    }

    /// <summary>From the start of the process until every database had been measured.</summary>
    public TimeSpan FoundAfter { get; private set; }

    /// <summary>Starts it and waits until it has found so many databases.</summary>
    public static async Task<MeasuredNode> StartAsync(string data, int interval, int databases, CancellationToken cancellation)
    {
        var port = FreePort();
        var started = Stopwatch.GetTimestamp();
        var node = new MeasuredNode(Programs.Start("src/DuckMesh.Node", "DuckMesh.Node.dll", [], new()
        {
            ["DUCKMESH_HTTP"] = $"127.0.0.1:{port}",
            ["DUCKMESH_PORT"] = "0",
            ["DUCKMESH_DATA"] = data,
            ["DUCKMESH_INTERVAL"] = $"{interval}s",
            ["DUCKMESH_HISTORY"] = "off",
            ["DUCKMESH_HOST"] = "density",
        }), port);
        node._process.BeginOutputReadLine();
        try
        {
            await node.UntilFoundAsync(databases, cancellation);
            node.FoundAfter = Stopwatch.GetElapsedTime(started);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task<Sample> SampleAsync(CancellationToken cancellation)
    {
        var metrics = await MetricsAsync(cancellation);
        var stat = (await File.ReadAllTextAsync($"/proc/{_process.Id}/stat", cancellation)).Split(") ")[1].Split(' ');
        var resident = (await File.ReadAllLinesAsync($"/proc/{_process.Id}/status", cancellation)).First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return new Sample(
            DateTime.UtcNow,
            (Number(stat[11]) + Number(stat[12])) / TicksPerSecond,
            Number(resident.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024,
            Value(metrics, "duckmesh_supervisors"),
            Value(metrics, "duckmesh_gc_allocated_bytes_total"),
            Value(metrics, "duckmesh_probe_duration_seconds_count"),
            Value(metrics, "duckmesh_probe_deadlines_missed_total"),
            Value(metrics, "duckmesh_discovery_duration_seconds_sum"),
            Value(metrics, "duckmesh_discovery_duration_seconds_count"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Programs.EndAsync(_process);
    }

    private async Task UntilFoundAsync(int databases, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var metrics = await MetricsAsync(cancellation);
                if (Value(metrics, "duckmesh_databases{state=\"up\"}") >= databases && Value(metrics, "duckmesh_journal_up") == 1) return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // not listening yet
            }

            if (Stopwatch.GetElapsedTime(started) > FoundWithin) throw new TimeoutException($"the node did not find {databases} databases in {FoundWithin}");
            await Task.Delay(AskEvery, cancellation);
        }
    }

    private Task<string> MetricsAsync(CancellationToken cancellation) => _http.GetStringAsync(new Uri("/metrics?collect[]=node", UriKind.Relative), cancellation);

    private static double Value(string metrics, string series)
    {
        var line = metrics.Split('\n').FirstOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? 0 : Number(line[(series.Length + 1)..]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DuckMesh.Benchmarks;

/// <summary>
/// What a node costs per database: N real live files, held by a few processes, watched by one node of its own. CPU and resident memory by <c>/proc</c>, allocation by the
/// node's own metric, over a window after everything was found. Owners are idle: their databases' figures do not change, which is the usual case.
/// </summary>
internal static class DensityBenchmark
{
    private const int DatabasesPerOwner = 2_500;
    private const int TicksPerSecond = 100; // USER_HZ, fixed on Linux
    private static readonly TimeSpan FoundWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        var counts = Option(args, "--databases", "0,100,1000,10000").Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var interval = int.Parse(Option(args, "--interval", "15"), CultureInfo.InvariantCulture);
        var window = TimeSpan.FromSeconds(int.Parse(Option(args, "--seconds", "60"), CultureInfo.InvariantCulture));
        Console.WriteLine($"interval {interval} s, window {window.TotalSeconds:0} s, {Environment.ProcessorCount} cores, {DatabasesPerOwner} databases an owner at most");
        Console.WriteLine("databases | found after | CPU of one core | CPU us per look | resident | KB per database | allocated per look | looks/s | looks missed | discovery pass");
        double idleResident = 0;
        foreach (var count in counts)
        {
            var (line, resident) = await MeasureAsync(count, interval, window, idleResident);
            if (count == 0) idleResident = resident;
            Console.WriteLine(line);
        }

        return 0;
    }

    private static async Task<(string Line, double Resident)> MeasureAsync(int count, int interval, TimeSpan window, double idleResident)
    {
        var folder = Directory.CreateTempSubdirectory("duckmesh-density-").FullName;
        var owners = new List<Process>();
        Process? node = null;
        try
        {
            for (var left = count; left > 0; left -= DatabasesPerOwner)
            {
                owners.Add(await OwnerAsync(Path.Combine(folder, $"owner{owners.Count}"), Math.Min(left, DatabasesPerOwner)));
            }

            var port = FreePort();
            var started = Stopwatch.GetTimestamp();
            node = Start(Built("src/DuckMesh.Node", "DuckMesh.Node.dll"), [], new()
            {
                ["DUCKMESH_HTTP"] = $"127.0.0.1:{port}",
                ["DUCKMESH_PORT"] = "0",
                ["DUCKMESH_DATA"] = Path.Combine(folder, "data"),
                ["DUCKMESH_INTERVAL"] = $"{interval}s",
                ["DUCKMESH_HISTORY"] = "off",
                ["DUCKMESH_HOST"] = "density",
            });
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
            await UntilFoundAsync(http, count);
            var found = Stopwatch.GetElapsedTime(started);
            await Task.Delay(Settle);
            var before = await SampleAsync(http, node);
            await Task.Delay(window);
            var after = await SampleAsync(http, node);
            var seconds = (after.At - before.At).TotalSeconds;
            var cpu = (after.Cpu - before.Cpu) / seconds;
            var looks = after.Looks - before.Looks;
            string PerLook(double value, string format) => looks > 0 ? (value / looks).ToString(format, CultureInfo.InvariantCulture) : "-";
            return (string.Create(
                CultureInfo.InvariantCulture,
                $"{count,9} | {found.TotalSeconds,9:0.0} s | {cpu,14:0.0%} | {PerLook((after.Cpu - before.Cpu) * 1e6, "0"),15} | {after.Resident / 1e6,5:0} MB | {(count == 0 ? "-" : ((after.Resident - idleResident) / 1024 / count).ToString("0.0", CultureInfo.InvariantCulture)),15} | {PerLook(after.Allocated - before.Allocated, "0"),16} B | {looks / seconds,7:0.0} | {after.Missed - before.Missed,12:0} | {(after.Discovery - before.Discovery) / Math.Max(1, after.Passes - before.Passes) * 1e3,9:0.0} ms"),
                after.Resident);
        }
        finally
        {
            foreach (var process in owners.Append(node).OfType<Process>())
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
                process.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Process> OwnerAsync(string folder, int count)
    {
        var owner = Start(Built("tests/owners/dotnet", "DuckMesh.Owner.dll"), ["--many", folder, count.ToString(CultureInfo.InvariantCulture)], [], stdin: true);
        using var deadline = new CancellationTokenSource(FoundWithin);
        var line = await owner.StandardOutput.ReadLineAsync(deadline.Token);
        return line?.Contains("ready", StringComparison.Ordinal) == true ? owner : throw new InvalidOperationException($"the owner of {folder} did not start: {line}");
    }

    private static Process Start(string dll, string[] args, Dictionary<string, string> environment, bool stdin = false)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. args]) { RedirectStandardOutput = true, RedirectStandardInput = stdin };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var process = Process.Start(start)!;
        if (!stdin) process.BeginOutputReadLine();
        return process;
    }

    private static string Built(string project, string dll)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "DuckMesh.sln"))) root = root.Parent;
        var path = Path.Combine(root?.FullName ?? ".", project, "bin/Release/net10.0", dll);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build it first with 'dotnet build -c Release'");
    }

    private static async Task UntilFoundAsync(HttpClient http, int count)
    {
        var end = DateTime.UtcNow + FoundWithin;
        while (true)
        {
            try
            {
                var metrics = await http.GetStringAsync(new Uri("/metrics?collect[]=node", UriKind.Relative));
                if (Value(metrics, "duckmesh_databases{state=\"up\"}") >= count && metrics.Contains("duckmesh_journal_up 1", StringComparison.Ordinal)) return;
            }
            catch (HttpRequestException) when (DateTime.UtcNow < end)
            {
                // not listening yet
            }

            if (DateTime.UtcNow >= end) throw new TimeoutException($"{count} databases were not found in {FoundWithin}");
            await Task.Delay(100);
        }
    }

    private static async Task<Sample> SampleAsync(HttpClient http, Process node)
    {
        var metrics = await http.GetStringAsync(new Uri("/metrics?collect[]=node", UriKind.Relative));
        var stat = (await File.ReadAllTextAsync($"/proc/{node.Id}/stat")).Split(") ")[1].Split(' ');
        var resident = (await File.ReadAllLinesAsync($"/proc/{node.Id}/status")).First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return new Sample(
            DateTime.UtcNow,
            (double.Parse(stat[11], CultureInfo.InvariantCulture) + double.Parse(stat[12], CultureInfo.InvariantCulture)) / TicksPerSecond,
            double.Parse(resident.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024,
            Value(metrics, "duckmesh_gc_allocated_bytes_total"),
            Value(metrics, "duckmesh_probe_duration_seconds_count"),
            Value(metrics, "duckmesh_probe_deadlines_missed_total"),
            Value(metrics, "duckmesh_discovery_duration_seconds_sum"),
            Value(metrics, "duckmesh_discovery_duration_seconds_count"));
    }

    private static double Value(string metrics, string series)
    {
        var line = metrics.Split('\n').FirstOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Option(string[] args, string name, string @default)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : @default;
    }

    private sealed record Sample(DateTime At, double Cpu, double Resident, double Allocated, double Looks, double Missed, double Discovery, double Passes);
}

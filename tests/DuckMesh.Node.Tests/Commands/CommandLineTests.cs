using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace DuckMesh.Node.Tests.Commands;

/// <summary>The executable as people start it: what it says and its exit codes.</summary>
public sealed partial class CommandLineTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>What the contract allows from SIGTERM to the end.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private const int SigTerm = 15;

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_valid_configuration_is_said_to_be_valid()
    {
        var (code, output, error) = await RunAsync(["check", "--config", Config("duckmesh { interval = 2s }")]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("valid", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData(null)]
    public async Task A_wrong_configuration_is_a_line_a_mistake_and_exit_code_2(string? verb)
    {
        string[] verbs = verb is null ? [] : [verb];
        var (code, output, error) = await RunAsync([.. verbs, "--config", Config("duckmesh {\n  intervall = 5s\n  port = x\n}")]);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(2, error.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("there is no command or option 'chek' here; known are demo, check, health, --config, --help.", "chek")]
    [InlineData("there is no command or option '--confg' here", "--confg", "x")]
    [InlineData("there is no command or option 'more' here; known are --config, --help.", "check", "more")]
    [InlineData("no command or option 'a\\u{1b}[31m' here", "a\u001b[31m")]
    [InlineData("Required argument missing for option: '--config'; try --help.", "--config")]
    public async Task Wrong_words_are_a_line_that_says_what_there_is_and_exit_code_2(string hint, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("duckmesh: ", error, StringComparison.Ordinal);
        Assert.Contains(hint, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_demo_that_can_not_start_leaves_nothing_behind()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        try
        {
            var (code, output, error) = await RunAsync(["demo"], ("DUCKMESH_HTTP", taken.LocalEndpoint.ToString()!));
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("the port is taken", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            taken.Stop();
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");
        var inFile = await RunAsync(["demo"], ("DUCKMESH_DATA", Path.Combine(_folder, "file", "data")));
        Assert.Equal(2, inFile.Code);
        Assert.Contains("is a file; name a folder", Assert.Single(inFile.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal([Path.Combine(_folder, "file")], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("a;memory_limit=1")]
    [InlineData("it's \"here\" = b")]
    public async Task A_sample_owner_works_in_a_folder_whose_name_means_something_in_a_connection_string(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        using var owner = Start(["demo-owner", "flaky", folder]);
        var error = owner.StandardError.ReadToEndAsync();
        var end = DateTime.UtcNow + Deadline;
        while (!File.Exists(Path.Combine(folder, "flaky.duckdb")) && !owner.HasExited && DateTime.UtcNow < end) await Task.Delay(50);
        owner.StandardInput.Close();
        await owner.WaitForExitAsync(new CancellationTokenSource(Deadline).Token);
        Assert.Equal((0, ""), (owner.ExitCode, await error));
        Assert.True(File.Exists(Path.Combine(folder, "flaky.duckdb")));
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_exit_code_2()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        try
        {
            var (code, output, error) = await RunAsync([], ("DUCKMESH_HTTP", taken.LocalEndpoint.ToString()!));
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("the port is taken", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);

            (code, output, error) = await RunAsync([], ("DUCKMESH_PORT", ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("Akka.Remote can't listen", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            taken.Stop();
        }
    }

    [Fact]
    public async Task A_journal_that_is_none_is_one_line_and_exit_code_2()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "journal.sqlite"), new string('x', 10_000));
        var (code, output, error) = await RunAsync([]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("the journal in", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_without_a_node_is_one_line_and_exit_code_1()
    {
        var (code, _, error) = await RunAsync(["health"], ("DUCKMESH_HTTP", $"127.0.0.1:{FreePort()}"));
        Assert.Equal(1, code);
        Assert.Contains("no node answers", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_gets_ready_tells_where_it_is_holds_its_folder_and_ends_with_0_in_time()
    {
        var port = FreePort();
        using var node = Start([], ("DUCKMESH_HTTP", $"127.0.0.1:{port}"), ("DUCKMESH_DISCOVER", "off"));
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await ReadyAsync(client, node);
            Assert.Contains("duckmesh_journal_up", await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(["health"], ("DUCKMESH_HTTP", $"127.0.0.1:{port}"))).Code);

            var second = await RunAsync([], ("DUCKMESH_HTTP", $"127.0.0.1:{FreePort()}"));
            Assert.Equal(2, second.Code);
            Assert.Contains($"pid {node.Id}", Assert.Single(second.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);

            var clock = Stopwatch.StartNew();
            Assert.Equal(0, Signal(node.Id, SigTerm));
            await node.WaitForExitAsync(new CancellationTokenSource(Deadline).Token);
            Assert.Equal(0, node.ExitCode);
            Assert.True(clock.Elapsed < StopDeadline, $"took {clock.Elapsed}");
            Assert.Contains($"Prometheus: scrape http://127.0.0.1:{port}/metrics", await output, StringComparison.Ordinal);
            Assert.EndsWith(" stopping\n", await output, StringComparison.Ordinal);    // and nothing of Akka's own
            Assert.Equal("", await error);
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static async Task ReadyAsync(HttpClient client, Process node)
    {
        var end = DateTime.UtcNow + Deadline;
        while (true)
        {
            Assert.False(node.HasExited, "the node ended");
            Assert.True(DateTime.UtcNow < end, $"the node was not ready within {Deadline}");
            try
            {
                using var response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(50);
        }
    }

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private string Config(string text)
    {
        var file = Path.Combine(_folder, "my.conf");
        File.WriteAllText(file, text);
        return file;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(new CancellationTokenSource(Deadline).Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        return (process.ExitCode, await output, await error);
    }

    private Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DuckMesh.Node.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["DUCKMESH_DATA"] = Path.Combine(_folder, "data");
        start.Environment["DUCKMESH_HTTP"] = "127.0.0.1:0";
        start.Environment["DUCKMESH_PORT"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}

using System.Net;
using System.Net.Sockets;
using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;

namespace DuckMesh.Acceptance;

/// <summary>What can't work is said in one line on stderr, with exit code 2.</summary>
public sealed class RefusedStartTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_taken_port()
    {
        using var folder = new TestFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        await using var node = NodeProcess.Start(folder.Folder("data"), environment: new Dictionary<string, string?> { ["DUCKMESH_HTTP"] = address });

        await RefusesWith(node, address);
    }

    [Fact]
    public async Task A_data_folder_of_another_running_node()
    {
        using var folder = new TestFolder();
        var data = folder.Folder("data");
        await using var first = await NodeProcess.StartReady(data);

        await using var second = NodeProcess.Start(data);

        await RefusesWith(second, data);
        Assert.Equal(HttpStatusCode.OK, (await first.Get("/health/ready")).Status);
    }

    [Fact]
    public async Task A_data_folder_that_can_not_be_written()
    {
        // Below a file no folder can be made, not even by root.
        using var folder = new TestFolder();
        var data = Path.Combine(folder.File("file", ""), "data");

        await using var node = NodeProcess.Start(data);

        await RefusesWith(node, data);
    }

    [Theory]
    [InlineData("duckmesh { interval = soon }", "interval")]
    [InlineData("duckmesh { intervall = 5s }", "interval")]
    [InlineData("duckmesh { watch = [\"/data/[\"] }", "watch")]
    [InlineData("duckmesh { rules { HighCpuu { threshold = 0.5 } } }", "HighCpu")]
    [InlineData("duckmesh { http = \"0.0.0.0:9642\" }", "http")]
    [InlineData("duckmesh { interval = ", "duckmesh.conf")]
    public async Task A_bad_configuration(string configuration, string named)
    {
        using var folder = new TestFolder();
        var file = folder.File("duckmesh.conf", configuration);
        // The variable would win over the file's key.
        var environment = new Dictionary<string, string?> { ["DUCKMESH_INTERVAL"] = null };
        if (named == "http")
            environment["DUCKMESH_HTTP"] = null;

        await using var node = NodeProcess.Start(folder.Folder("data"), ["--config", file], environment);
        await RefusesWith(node, named);

        await using var check = NodeProcess.Start(folder.Folder("data"), ["check", "--config", file], environment);
        await RefusesWith(check, named);
    }

    [Fact]
    public async Task A_good_configuration_passes_the_check()
    {
        using var folder = new TestFolder();
        var file = folder.File("duckmesh.conf", "duckmesh { watch = [\"/data/*.duckdb\"], rules { HighCpu { threshold = 0.8, for = 2m } } }");

        await using var check = NodeProcess.Start(folder.Folder("data"), ["check", "--config", file]);

        Assert.Equal(0, await check.ExitCode(Deadline));
    }

    private static async Task RefusesWith(NodeProcess node, string named)
    {
        var code = await node.ExitCode(Deadline);
        Assert.True(code == 2, $"exit code {code}\n{node.Describe()}");
        var line = Assert.Single(node.Errors.Split('\n'));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}

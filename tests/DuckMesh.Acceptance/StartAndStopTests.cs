using System.Diagnostics;
using System.Net;
using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;
using DuckMesh.Acceptance.Owners;

namespace DuckMesh.Acceptance;

/// <summary>A node starts and stops quickly, and finds what runs already.</summary>
public sealed class StartAndStopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task From_start_to_the_first_metric_of_a_database_it_takes_less_than_five_seconds()
    {
        using var folder = new TestFolder();
        await using var owner = await OwnerProcess.StartDotnet(folder["orders.duckdb"]);
        await using var node = NodeProcess.Start(folder.Folder("data"));

        await Eventually.Sees("the database is up in /metrics", Patience, () => node.Metrics(),
            metrics => metrics.Of("duckdb_info").Any(info => info.Labels["path"] == owner.Database && info.Labels["owner_pid"] == $"{owner.Pid}") && metrics.Of("duckdb_up").Any(up => up.Value == 1),
            metrics => $"{metrics.Samples.Count} samples");

        Assert.True(node.Age < Limit, $"it took {node.Age.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task After_SIGTERM_it_ends_with_0_within_five_seconds()
    {
        using var folder = new TestFolder();
        await using var owner = await OwnerProcess.StartDotnet(folder["orders.duckdb"]);
        await using var node = await NodeProcess.StartReady(folder.Folder("data"));

        var start = Stopwatch.GetTimestamp();
        node.SigTerm();
        var code = await node.ExitCode(Patience);
        var took = Stopwatch.GetElapsedTime(start);

        Assert.True(code == 0, $"exit code {code}\n{node.Describe()}");
        Assert.True(took < Limit, $"it took {took.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Live_and_ready_answer_and_an_unknown_path_says_what_there_is()
    {
        using var folder = new TestFolder();
        await using var node = await NodeProcess.StartReady(folder.Folder("data"));

        Assert.Equal(HttpStatusCode.OK, (await node.Get("/health/live")).Status);
        Assert.Equal(HttpStatusCode.OK, (await node.Get("/openapi/v1.json")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Get("/api/v1/databases/testhost:%2Fno%2Fsuch.duckdb")).Status);
    }
}

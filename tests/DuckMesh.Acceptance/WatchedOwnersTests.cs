using System.Diagnostics;
using System.Text.Json.Nodes;
using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;
using DuckMesh.Acceptance.Owners;

namespace DuckMesh.Acceptance;

/// <summary>Programs with live databases are watched: what the node says equals what they know, and they notice nothing.</summary>
public sealed class WatchedOwnersTests
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    /// <summary>Some intervals of the node, which is one second here: discovery, probe, batch.</summary>
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(8);

    /// <summary>A watched owner's median write against that of an owner nobody looks at, over a minute on a busy machine with two cores. The probes cost it nothing that
    /// could be measured; a lock taken on its file, or a reader in its way, costs it far more than this.</summary>
    private const double LatencyRatio = 1.5;

    /// <summary>Microseconds by which two medians of a millisecond differ by chance.</summary>
    private const double LatencyNoise = 300;

    [Fact]
    public async Task What_the_node_says_of_live_databases_is_what_their_owners_know_and_the_owners_notice_nothing()
    {
        using var folder = new TestFolder();
        var controls = folder.Folder("control");
        await using var inNode = await OwnerProcess.StartNode(folder["node.duckdb"]);
        await using var inDotnet = await OwnerProcess.StartDotnet(folder["dotnet.duckdb"]);
        await using var nodeControl = await OwnerProcess.StartNode(Path.Combine(controls, "node-control.duckdb"));
        await using var dotnetControl = await OwnerProcess.StartDotnet(Path.Combine(controls, "dotnet-control.duckdb"));
        await using var node = await NodeProcess.StartReady(folder.Folder("data"), environment: new Dictionary<string, string?> { ["DUCKMESH_EXCLUDE"] = controls + "/**" });
        Pair[] pairs = [new(inNode, nodeControl), new(inDotnet, dotnetControl)];
        foreach (var pair in pairs)
            pair.CheckpointsBefore = await CheckpointsOf(node, pair.Watched);

        var start = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetElapsedTime(start) < Watched; round++)
        {
            foreach (var pair in pairs)
            {
                await Work(pair.Watched, round);
                await Work(pair.Control, round);
                var both = await Task.WhenAll(Latency(pair.Watched), Latency(pair.Control));
                pair.WatchedMedians.Add(both[0]);
                pair.ControlMedians.Add(both[1]);
            }
            foreach (var pair in pairs)
                await SaysWhatIsTrue(node, pair);
        }

        Assert.Empty(await node.Databases(controls));
        foreach (var pair in pairs)
        {
            Assert.True(await FileLocks.IsHeld(pair.Watched.Database, pair.Watched.Pid), $"{pair.Watched.Database}: its owner's lock is gone");
            Assert.Contains("Could not set lock", await OwnerProcess.FailingStart(pair.Watched.Database), StringComparison.Ordinal);
            var (watched, control) = (Median(pair.WatchedMedians), Median(pair.ControlMedians));
            Assert.True(watched <= control * LatencyRatio + LatencyNoise, $"{pair.Watched.Database}: a write took {watched} us while watched, {control} us unwatched");
            Assert.Equal(0, await pair.Watched.End());
            Assert.Equal("", pair.Watched.Log);
        }
    }

    /// <summary>Commits in each round; now and then a bulk load, a delete, and a checkpoint.</summary>
    private static async Task Work(OwnerProcess owner, int round)
    {
        await owner.Do("commits", ("n", 10 + round % 7));
        if (round % 3 == 1)
            await owner.Do("bulk", ("rows", 50_000));
        if (round % 4 == 2)
            await owner.Do("delete", ("every", 3));
    }

    private static async Task<double> Latency(OwnerProcess owner) => (double)(await owner.Do("latency", ("n", 50), ("pauseMs", 2)))["p50"]!;

    private static async Task SaysWhatIsTrue(NodeProcess node, Pair pair)
    {
        var owner = pair.Watched;
        await Agrees(node, pair, blocks: false);
        await owner.Do("checkpoint");
        await Agrees(node, pair, blocks: true);
    }

    /// <param name="blocks">Right after a checkpoint the header tells the blocks as they are; between two, as they were.</param>
    private static async Task Agrees(NodeProcess node, Pair pair, bool blocks)
    {
        var owner = pair.Watched;
        var knows = await owner.Do("size");
        var expected = new JsonObject
        {
            ["pid"] = owner.Pid,
            ["state"] = "up",
            ["sizeBytes"] = new FileInfo(owner.Database).Length,
            ["walBytes"] = WalBytes(owner.Database),
            ["commits"] = (long)knows["commits"]!,
            ["checkpoints"] = pair.CheckpointsBefore + (long)knows["checkpoints"]!,
            ["used"] = blocks ? (long)knows["usedBlocks"]! : null,
            ["free"] = blocks ? (long)knows["freeBlocks"]! : null,
        };
        await Eventually.Sees($"/metrics and the API say of {owner.Database}: {expected.ToJsonString()}", SeenWithin,
            () => Says(node, owner.Database, blocks), says => JsonNode.DeepEquals(says, expected), says => says.ToJsonString());
    }

    /// <summary>Owner, state and sizes as the API says them, the counts from the metrics.</summary>
    private static async Task<JsonObject> Says(NodeProcess node, string database, bool blocks)
    {
        var item = await node.Database(database) ?? throw new IOException("the node does not list the database");
        var metrics = await node.Metrics("?database=" + Uri.EscapeDataString((string)item["name"]!));
        long? Metric(string name, params (string, string)[] labels) => (long?)metrics.Value(name, labels);
        return new JsonObject
        {
            ["pid"] = (int?)item["owner"]?["pid"],
            ["state"] = (string?)item["state"],
            ["sizeBytes"] = (long?)item["sizeBytes"],
            ["walBytes"] = (long?)item["walBytes"],
            ["commits"] = Metric("duckdb_wal_commits"),
            ["checkpoints"] = Metric("duckdb_checkpoints_total"),
            ["used"] = blocks ? Metric("duckdb_blocks", ("state", "used")) : null,
            ["free"] = blocks ? Metric("duckdb_blocks", ("state", "free")) : null,
        };
    }

    /// <summary>The file's own count goes on from where the file was made, which took some checkpoints.</summary>
    private static async Task<long> CheckpointsOf(NodeProcess node, OwnerProcess owner)
    {
        var item = await Eventually.Sees($"{owner.Database} is read", SeenWithin, () => node.Database(owner.Database), seen => seen?["checkpoints"] is not null);
        return (long)item!["checkpoints"]!;
    }

    private static long WalBytes(string database) => new FileInfo(database + ".wal") is { Exists: true } wal ? wal.Length : 0;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Pair(OwnerProcess Watched, OwnerProcess Control)
    {
        public long CheckpointsBefore { get; set; }

        public List<double> WatchedMedians { get; } = [];

        public List<double> ControlMedians { get; } = [];
    }
}

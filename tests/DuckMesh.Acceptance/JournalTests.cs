using System.Net;
using System.Text.Json.Nodes;
using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;
using DuckMesh.Acceptance.Owners;

namespace DuckMesh.Acceptance;

/// <summary>The journal's disk is full, or broken: collection, metrics and alerts go on, and the node says what is wrong.</summary>
public sealed class JournalTests
{
    private const string Rules = "duckmesh { rules { HighMemory { threshold = 0 } } }";

    /// <summary>The journal is tried every 5 s, and must have failed for 10 s before an alert is announced unrecorded.</summary>
    private static readonly TimeSpan SaidWithin = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task With_a_full_disk_the_node_goes_on_says_so_and_recovers_when_there_is_room_again()
    {
        using var folder = new TestFolder();
        await using var disk = await SmallDisk.Mount(folder);
        await using var fixture = await Fixture.Start(folder, disk);

        disk.Fill();
        await fixture.GoesOnWithoutItsJournal();

        disk.Free();
        await Eventually.Sees("the node is ready again", SaidWithin, () => fixture.Node.Get("/health/ready"), answer => answer.Status == HttpStatusCode.OK, answer => answer.Body);
        await Eventually.Sees("duckmesh_journal_up is 1 again", SaidWithin, () => fixture.Node.Metrics(), metrics => metrics.Value("duckmesh_journal_up") == 1);
    }

    [Fact]
    public async Task With_a_disk_that_became_read_only_the_node_goes_on_and_says_so()
    {
        using var folder = new TestFolder();
        await using var disk = await SmallDisk.Mount(folder);
        await using var fixture = await Fixture.Start(folder, disk);

        await disk.Break();
        await fixture.GoesOnWithoutItsJournal();
    }

    private sealed class Fixture(TestFolder folder, OwnerProcess owner, NodeProcess node) : IAsyncDisposable
    {
        public NodeProcess Node { get; } = node;

        public static async Task<Fixture> Start(TestFolder folder, SmallDisk disk)
        {
            var databases = folder.Folder("databases");
            var owner = await OwnerProcess.StartDotnet(Path.Combine(databases, "orders.duckdb"));
            var node = await NodeProcess.StartReady(Path.Combine(disk.Folder, "data"), ["--config", folder.File("duckmesh.conf", Rules)]);
            var fixture = new Fixture(folder, owner, node);
            await fixture.HighMemoryIs("firing");
            return fixture;
        }

        public async Task GoesOnWithoutItsJournal()
        {
            var (_, body) = await Eventually.Sees("/health/ready answers 503 and names the journal", SaidWithin, () => Node.Get("/health/ready"),
                answer => answer.Status == HttpStatusCode.ServiceUnavailable && answer.Body.Contains("journal", StringComparison.Ordinal), answer => $"{answer.Status} {answer.Body}");
            Assert.False(string.IsNullOrWhiteSpace((string?)JsonNode.Parse(body)!["detail"]), body);
            await Eventually.Sees("duckmesh_journal_up is 0", SaidWithin, () => Node.Metrics(), metrics => metrics.Value("duckmesh_journal_up") == 0);

            // Collection and metrics:
            await owner.Do("commits", ("n", 7));
            var commits = (long)(await owner.Do("size"))["commits"]!;
            await Eventually.Sees($"the metrics say {commits} commits", SaidWithin, async () => (long?)(await Node.Database(owner.Database))?["walCommits"], seen => seen == commits);

            // Alerts: what the journal can't store is announced all the same, marked so.
            await owner.Do("close");
            await Eventually.Sees("the episode's end is announced unrecorded", SaidWithin, () => Task.FromResult(Node.Output + Node.Errors),
                log => log.Split('\n').Any(line => line.Contains("HighMemory", StringComparison.Ordinal) && line.Contains("Resolved", StringComparison.OrdinalIgnoreCase) && line.Contains("unrecorded", StringComparison.Ordinal)));
            await Eventually.Sees("JournalDown is announced", SaidWithin, () => Task.FromResult(Node.Output + Node.Errors), log => log.Contains("JournalDown", StringComparison.Ordinal));
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await owner.DisposeAsync();
        }

        private async Task HighMemoryIs(string state) =>
            await Eventually.Sees($"HighMemory is {state}", SaidWithin, () => Node.Alerts(folder["databases"]),
                alerts => alerts.Any(alert => (string)alert["rule"]! == "HighMemory" && (string)alert["state"]! == state), alerts => $"{alerts.Count} alerts");
    }
}

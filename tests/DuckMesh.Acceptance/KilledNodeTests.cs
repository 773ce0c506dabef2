using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;
using DuckMesh.Acceptance.Owners;
using Xunit.Abstractions;

namespace DuckMesh.Acceptance;

/// <summary>kill -9 of the node at random moments, while conditions come and go.</summary>
public sealed class KilledNodeTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int Flipping = 6;

    /// <summary>A rule that holds whenever there is an owner, and one that a killed owner meets.</summary>
    private const string Rules = """
        duckmesh {
          expect-after = 1s
          rules {
            HighMemory { threshold = 0 }
            OwnerCrashed { for = 1s }
          }
        }
        """;

    private static readonly TimeSpan FoundWithin = TimeSpan.FromSeconds(20);

    /// <summary>Of a life, and of a start: long enough for a round of transitions and to become ready, short enough for fifty.</summary>
    private const int LongestMs = 2000;

    [Fact]
    public async Task After_fifty_kills_all_databases_and_episodes_are_the_same_and_each_transition_has_one_id()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TestFolder();
        var databases = folder.Folder("databases");
        var data = folder.Folder("data");
        string[] arguments = ["--config", folder.File("duckmesh.conf", Rules)];

        await using var steady = await OwnerProcess.StartDotnet(Path.Combine(databases, "steady.duckdb"));
        await using var fleet = await FlippingFleet.Start(databases, Flipping, seed);
        var first = default(Seen);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Each second one while it starts: makes its journal, recovers, announces again.
            var starting = kill % 2 == 0;
            await using var node = NodeProcess.Start(data, arguments);
            if (!starting)
            {
                await node.Ready();
                var seen = await See(node, databases, $"after {kill} kills (seed {seed})");
                first ??= seen;
                SameStory(first, seen);
            }
            await Task.Delay(random.Next(LongestMs));
            Assert.False(node.Ended, node.Ended ? $"it ended by itself after {kill} kills (seed {seed}): {node.Describe()}" : "");
            await node.Kill();
        }

        await using var last = await NodeProcess.StartReady(data, arguments);
        SameStory(first!, await See(last, databases, $"after the last kill (seed {seed})"));
        await fleet.Rest();
        await EverythingIsTold(last, databases, seed);
        last.SigTerm();
        Assert.Equal(0, await last.ExitCode(FoundWithin));

        var announced = Announcements.Read(data).Where(item => item.Database.Contains(databases, StringComparison.Ordinal)).ToList();
        output.WriteLine($"{announced.Count} announcements, {announced.Select(item => item.Id).Distinct().Count()} transitions, {announced.Select(item => item.Episode).Distinct().Count()} episodes");
        Assert.True(announced.Count > Kills, "too few transitions for this test to say anything");
        NothingIsLost(announced, StoredTransitions.Read(data).Where(id => id.Contains(databases, StringComparison.Ordinal)));
        NothingHasTwoIds(announced);
    }

    /// <summary>Which databases there are, and the episode that is open all the time.</summary>
    private static async Task<Seen> See(NodeProcess node, string databases, string when)
    {
        var found = await Eventually.Sees($"all databases are known {when}", FoundWithin,
            () => node.Databases(databases), items => items.Count == Flipping + 1, items => string.Join(", ", items.Keys));
        var episode = await Eventually.Sees($"the steady episode fires {when}", FoundWithin,
            async () => (await node.Alerts(databases)).SingleOrDefault(alert => (string)alert["rule"]! == "HighMemory" && ((string)alert["id"]!).Contains("steady", StringComparison.Ordinal)),
            alert => (string?)alert?["state"] == "firing");
        return new Seen(found.ToDictionary(item => $"{item.Value["id"]}", item => $"{item.Value["name"]}"), (string)episode!["id"]!, (string)episode["since"]!);
    }

    private static void SameStory(Seen first, Seen now)
    {
        Assert.Equal(first.Names, now.Names);
        Assert.Equal(first.Episode, now.Episode);
        Assert.Equal(first.Since, now.Since);
    }

    /// <summary>What the API says of an episode now is what was announced of it last.</summary>
    private static async Task EverythingIsTold(NodeProcess node, string databases, int seed) =>
        await Eventually.Sees($"each episode's state is the one announced last (seed {seed})", FoundWithin, async () =>
        {
            var last = Announcements.Read(node.Data).GroupBy(item => item.Episode).ToDictionary(group => group.Key, group => group.MaxBy(item => item.Number)!.State, StringComparer.Ordinal);
            var open = (await node.Alerts(databases)).ToDictionary(alert => (string)alert["id"]!, alert => ((string)alert["state"]!).ToLowerInvariant());
            var untold = open.Where(alert => last.GetValueOrDefault(alert.Key) != alert.Value).Select(alert => $"{alert.Key} is {alert.Value}, announced {last.GetValueOrDefault(alert.Key)}");
            var unended = last.Where(item => item.Key.Contains(databases, StringComparison.Ordinal) && item.Value != "resolved" && !open.ContainsKey(item.Key)).Select(item => $"{item.Key} is not open, announced {item.Value}");
            return untold.Concat(unended).ToList();
        }, differences => differences.Count == 0, differences => string.Join("; ", differences));

    private static void NothingIsLost(List<Announced> announced, IEnumerable<string> stored)
    {
        Assert.Empty(stored.Except(announced.Select(item => item.Id)));
        foreach (var episode in announced.GroupBy(item => item.Episode))
        {
            var numbers = episode.Select(item => item.Number).Distinct().Order().ToList();
            Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
        }
        // An episode ends before the next of the same rule and database begins.
        foreach (var story in announced.GroupBy(item => (item.Database, item.Rule)))
        {
            var episodes = story.GroupBy(item => item.Episode).OrderBy(episode => episode.Min(item => item.At)).ToList();
            for (var next = 1; next < episodes.Count; next++)
            {
                var end = episodes[next - 1].MaxBy(item => item.Number)!;
                Assert.True(end.State == "resolved" && end.At <= episodes[next].Min(item => item.At), $"{end.Id} is {end.State}, and {episodes[next].Key} follows");
            }
        }
    }

    private static void NothingHasTwoIds(List<Announced> announced)
    {
        Assert.Empty(announced.GroupBy(item => item.Id).Where(same => same.Select(item => (item.State, item.At)).Distinct().Count() > 1).Select(same => $"{same.Key} says different things"));
        Assert.Empty(announced.GroupBy(item => (item.Database, item.Rule, item.State, item.At)).Where(same => same.Select(item => item.Id).Distinct().Count() > 1)
            .Select(same => $"one transition, two ids: {string.Join(", ", same.Select(item => item.Id).Distinct())}"));
    }

    private sealed record Seen(Dictionary<string, string> Names, string Episode, string Since);
}

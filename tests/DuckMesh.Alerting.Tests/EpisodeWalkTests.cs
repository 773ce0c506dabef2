using CsCheck;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

/// <summary>Whatever batches come, in whatever order, from whatever clock.</summary>
public sealed class EpisodeWalkTests
{
    private static readonly Series[] Judged =
    [
        MetricCatalog.Up, MetricCatalog.Owned, MetricCatalog.CpuUsageRatio, MetricCatalog.MemoryUsageRatio, MetricCatalog.DiskUsageRatio, MetricCatalog.WalSizeBytes,
        MetricCatalog.WalCommits, MetricCatalog.FailedQueries, MetricCatalog.TransactionConflicts, MetricCatalog.SyncConsecutiveFailures,
    ];

    /// <summary>Rules with and without a time to hold, also for increases and presence.</summary>
    private static readonly RuleSet Rules = RuleSet.BuiltIn.With("Deadlocks", @for: TimeSpan.FromSeconds(20)).With("DatabaseDown", @for: TimeSpan.FromSeconds(10));

    private static readonly Gen<double> Value = Gen.Frequency(
        (6, Gen.OneOfConst(0.0, 1.0, 0.85, 0.95, 3.0, 7.0, 20.0, 40.0)),
        (3, Gen.Const(double.NaN)),
        (1, Gen.OneOfConst(double.PositiveInfinity, double.NegativeInfinity, -1.0, double.MaxValue, double.Epsilon)));

    /// <summary>Mostly an interval; also none, late ones, hours, years, and back again.</summary>
    private static readonly Gen<long> AnyStep = Gen.Frequency(
        (12, Gen.Long[4_800, 5_200]), (3, Gen.Long[-20_000, 60_000]), (1, Gen.Long[-100_000_000, 100_000_000]), (1, Gen.Long[-40_000_000_000, 40_000_000_000]));

    private static readonly Gen<long> ForwardStep = Gen.Frequency((12, Gen.Long[4_800, 5_200]), (3, Gen.Long[1, 60_000]), (1, Gen.Long[60_000, 10_000_000]));

    private static readonly Gen<Event[]> AnyEvents = Gen.Select(
        AnyStep, Value.Array[Judged.Length], Gen.Bool, Gen.Enum<DatabaseState>(), Gen.Int[1, 20], (step, values, expected, state, times) =>
        new Event(step, values, expected, state, times)).Array[1, 25];

    [Fact]
    public void Every_episode_is_a_legal_walk_and_the_folded_transitions_are_what_is_open() => Gen.Select(AnyEvents, Gen.Int[0, 24]).Sample((events, cut) =>
    {
        var story = new Story(Rules);
        foreach (var (i, e) in events.Index())
        {
            if (i == cut) story.Restart();
            if (i == cut + 5) story.Alerts.Reconcile(story.OpenFolded);
            for (var n = 0; n < e.Times; n++)
            {
                Play(story, e);
                Assert.Equal(story.OpenFolded.OrderBy(x => x.Id), story.Alerts.Open.OrderBy(x => x.Id));
                Assert.Equal(story.Alerts.Open.Length, story.Alerts.Open.DistinctBy(x => x.Rule).Count());
            }
        }

        foreach (var walk in story.Transitions.GroupBy(t => t.Episode)) AssertLegal([.. walk]);
        Assert.Equal(story.Transitions.Count, story.Transitions.DistinctBy(t => t.Id).Count());
    }, iter: 1_500);

    [Fact]
    public void A_run_cut_anywhere_and_restored_ends_as_the_uncut_one() => Gen.Select(Runs(Gen.OneOfConst(0.0, 1.0, 0.85, 0.95, 7.0)), Gen.Int[0, 200]).Sample((events, cut) =>
    {
        // Increases are left out: their windows are not stored, they are refilled.
        var rules = new RuleSet([.. Rules.Rules.Where(r => r.Window is null)]);
        var whole = new Story(rules);
        var restored = new Story(rules);
        var batches = 0;
        foreach (var e in events)
        {
            for (var n = 0; n < e.Times; n++)
            {
                if (batches++ == cut) restored.Restart();
                Play(whole, e);
                Play(restored, e);
            }
        }

        Assert.Equal(whole.Transitions, restored.Transitions);
    }, iter: 1_500);

    /// <summary>When a value is missing, a restart makes it late once more; when it is back, both runs are of one mind about what fires.</summary>
    [Fact]
    public void A_run_cut_while_values_are_missing_comes_to_the_same_alerts() => Gen.Select(Runs(Value), Gen.Int[0, 200]).Sample((events, cut) =>
    {
        var whole = new Story(Rules);
        var restored = new Story(Rules);
        var batches = 0;
        foreach (var e in events)
        {
            for (var n = 0; n < e.Times; n++)
            {
                if (batches++ == cut) restored.Restart();
                Play(whole, e);
                Play(restored, e);
            }
        }

        // Long enough to fire, and to refill a window.
        var end = new Event(5_000, [.. Judged.Select((_, i) => i % 2 == 0 ? 0.95 : 1.0)], Expected: true, DatabaseState.Up, Times: 15);
        for (var n = 0; n < end.Times; n++)
        {
            Play(whole, end);
            Play(restored, end);
        }

        Assert.Equal(Firing(whole), Firing(restored));
    }, iter: 1_500);

    private static Gen<Event[]> Runs(Gen<double> value) => Gen.Select(ForwardStep, value.Array[Judged.Length], Gen.Int[1, 20], (step, values, times) =>
        new Event(step, values, Expected: true, DatabaseState.Up, times)).Array[1, 25];

    private static IEnumerable<string> Firing(Story story) => story.Alerts.Open.Where(e => e.State == EpisodeState.Firing).Select(e => e.Rule).Order();

    private static void Play(Story story, Event e)
    {
        foreach (var (i, series) in Judged.Index()) story.Set(series, e.Values[i]);
        story.Database = story.Database with { Expected = e.Expected, State = e.State };
        story.Next(TimeSpan.FromMilliseconds(e.Step));
    }

    private static void AssertLegal(Transition[] walk)
    {
        Assert.Equal(Enumerable.Range(1, walk.Length), walk.Select(t => t.Number));
        Assert.Equal(Rules.Find(walk[0].Rule)!.For > TimeSpan.Zero ? EpisodeState.Pending : EpisodeState.Firing, walk[0].To);
        Assert.Equal(walk[0].At, walk[0].Since);
        for (var i = 1; i < walk.Length; i++)
        {
            Assert.Equal((walk[0].Since, walk[0].Rule), (walk[i].Since, walk[i].Rule));
            Assert.Contains((walk[i - 1].To, walk[i].To), Legal);
            if ((walk[i - 1].To, walk[i].To) == (EpisodeState.Pending, EpisodeState.Firing)) Assert.True(walk[i].At - walk[i].Since >= Rules.Find(walk[i].Rule)!.For);
        }

        Assert.All(walk, t => Assert.True(t.Value is null || double.IsFinite(t.Value.Value)));
    }

    private static readonly (EpisodeState, EpisodeState)[] Legal =
    [
        (EpisodeState.Pending, EpisodeState.Firing), (EpisodeState.Pending, EpisodeState.Resolved), (EpisodeState.Firing, EpisodeState.NoData),
        (EpisodeState.Firing, EpisodeState.Resolved), (EpisodeState.NoData, EpisodeState.Firing), (EpisodeState.NoData, EpisodeState.Resolved),
    ];

    /// <summary>The same values in some batches, a step apart.</summary>
    private sealed record Event(long Step, double[] Values, bool Expected, DatabaseState State, int Times);
}

using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

/// <summary>Batches come every 5 seconds; expected are the states and the seconds at which they begin.</summary>
public sealed class DatabaseAlertsTests
{
    [Theory]
    [InlineData("0.95*12", "Pending 0")]
    [InlineData("0.95*13", "Pending 0, Firing 60")]
    [InlineData("0.95*30", "Pending 0, Firing 60")]
    [InlineData("0.95*11 0.5", "Pending 0, Resolved 55")]
    [InlineData("0.95*13 0.5", "Pending 0, Firing 60, Resolved 65")]
    [InlineData("0.95*13 0.5 0.95*13", "Pending 0, Firing 60, Resolved 65, Pending 70, Firing 130")]
    [InlineData("0.9*20", "")]
    [InlineData("0.5*20 0.91*13", "Pending 100, Firing 160")]
    public void A_condition_must_hold_for_as_long_as_the_rule_asks(string values, string expected) =>
        Assert.Equal(expected, new Story().Play(MetricCatalog.CpuUsageRatio, values).Walk);

    [Theory]
    [InlineData("0.81", "Firing 0")]
    [InlineData("0.8 0.81 0.81 0.8", "Firing 5, Resolved 15")]
    [InlineData("0.9 0.5 0.9", "Firing 0, Resolved 5, Firing 10")]
    public void Without_a_time_to_hold_it_fires_at_once(string values, string expected) =>
        Assert.Equal(expected, new Story().Play(MetricCatalog.MemoryUsageRatio, values).Walk);

    [Theory]
    [InlineData("0.95*5 - - 0.95*10", "Pending 0, Firing 60")] // only late: the clock goes on
    [InlineData("0.95*5 - - - 0.95", "Pending 0, Resolved 35, Pending 40")]
    [InlineData("0.95*13 - - 0.95", "Pending 0, Firing 60")]
    [InlineData("0.95*13 -*3", "Pending 0, Firing 60, NoData 75")]
    [InlineData("0.95*13 -*9 0.95", "Pending 0, Firing 60, NoData 75, Firing 110")]
    [InlineData("0.95*13 -*9 0.5", "Pending 0, Firing 60, NoData 75, Resolved 110")]
    [InlineData("0.95*13 -*182", "Pending 0, Firing 60, NoData 75")] // 910 s away
    [InlineData("0.95*13 -*184", "Pending 0, Firing 60, NoData 75, Resolved 975")]
    [InlineData("-*400", "")]
    [InlineData("0.5 -*400", "")]
    public void A_missing_value_is_late_then_no_data_then_closed(string values, string expected) =>
        Assert.Equal(expected, new Story().Play(MetricCatalog.CpuUsageRatio, values).Walk);

    [Theory]
    [InlineData("1000*30", "")] // what was counted before we came is nobody's gain
    [InlineData("0 10*20", "")]
    [InlineData("0 11", "Firing 5")]
    [InlineData("0 5 11*14", "Firing 10, Resolved 65")] // 5 of the 11 leave the window
    [InlineData("0 11*14", "Firing 5, Resolved 65")]
    [InlineData("100*20 3 5 11", "Firing 110")] // a counter that begins anew
    [InlineData("100*20 3 5 10*20", "")]
    [InlineData("0*20 - 11", "Firing 105")] // the gain of a value that was late counts
    [InlineData("0*20 -*13 100*13", "")] // 70 s away: what was gained meanwhile is no gain of this minute
    public void An_increase_counts_the_gain_of_its_window(string values, string expected) =>
        Assert.Equal(expected, new Story().Play(MetricCatalog.FailedQueries, values).Walk);

    [Fact]
    public void Each_built_in_rule_fires_above_its_threshold_and_not_at_it()
    {
        foreach (var (rule, series, at, above) in new (string, Series, double, double)[]
        {
            ("HighCpu", MetricCatalog.CpuUsageRatio, 0.9, 0.901),
            ("HighMemory", MetricCatalog.MemoryUsageRatio, 0.8, 0.801),
            ("DiskFull", MetricCatalog.DiskUsageRatio, 0.9, 0.901),
            ("FailedQueries", MetricCatalog.FailedQueries, 10, 11),
            ("Deadlocks", MetricCatalog.TransactionConflicts, 5, 6),
            ("SyncFailing", MetricCatalog.SyncConsecutiveFailures, 5, 6),
        })
        {
            var quiet = new Story().Set(series, 0);
            quiet.Next();
            quiet.Set(series, at).Pass(TimeSpan.FromMinutes(2));
            Assert.Empty(quiet.Transitions);

            var loud = new Story().Set(series, 0);
            loud.Next();
            loud.Set(series, above).Pass(RuleSet.BuiltIn.Find(rule)!.For + Story.Interval);
            var last = loud.Transitions[^1];
            Assert.Equal((rule, EpisodeState.Firing, above), (last.Rule, last.To, last.Value));
        }
    }

    [Fact]
    public void Transitions_say_what_decided()
    {
        var story = new Story().Play(MetricCatalog.DiskUsageRatio, "0.95 0.5");
        var fired = story.Transitions[0];
        Assert.Equal("box:/data/app.duckdb#DiskFull#1795492800000", fired.Episode);
        Assert.Equal("box:/data/app.duckdb#DiskFull#1795492800000#1", fired.Id);
        Assert.Equal(
            (1, Severity.High, 0.95, 0.9, "duckdb_disk_usage_ratio is 0.95, above 0.9; would be done if it were turned on: stop accepting writes"),
            (fired.Number, fired.Severity, fired.Value, fired.Threshold, fired.Reason));
        Assert.Equal((2, fired.Episode, fired.Since), (story.Transitions[1].Number, story.Transitions[1].Episode, story.Transitions[1].Since));
        Assert.Equal("duckdb_disk_usage_ratio is 0.5, no longer above 0.9", story.Transitions[1].Reason);
        Assert.Equal("duckdb_failed_queries_total rose by 11 in 1m, more than 10", new Story().Play(MetricCatalog.FailedQueries, "0 11").Transitions[0].Reason);
    }

    [Fact]
    public void A_pending_episode_that_ends_has_never_fired()
    {
        var story = new Story().Play(MetricCatalog.CpuUsageRatio, "0.95*3 0.1");
        var episode = Assert.Single(story.Folded.Values);
        Assert.Equal(EpisodeState.Resolved, episode.State);
        Assert.Null(episode.FiredAt);
    }

    [Fact]
    public void Rules_whose_metric_is_absent_are_named()
    {
        var story = new Story().Set(MetricCatalog.Up, 1).Set(MetricCatalog.Owned, 1).Set(MetricCatalog.CpuUsageRatio, 0.1).Set(MetricCatalog.MemoryUsageRatio, 0.1)
            .Set(MetricCatalog.DiskUsageRatio, 0.1).Set(MetricCatalog.WalCommits, 0).Set(MetricCatalog.WalSizeBytes, 0);
        story.Next();
        Assert.Equal(["FailedQueries", "Deadlocks", "SyncFailing"], story.Alerts.NoData.AsEnumerable());

        story.Absent(MetricCatalog.DiskUsageRatio).Next();
        story.Next();
        Assert.Equal(["FailedQueries", "Deadlocks", "SyncFailing"], story.Alerts.NoData.AsEnumerable());
        story.Next();
        Assert.Equal(["DiskFull", "FailedQueries", "Deadlocks", "SyncFailing"], story.Alerts.NoData.AsEnumerable());
        Assert.Empty(story.Transitions);
    }

    [Fact]
    public void Without_an_owner_there_is_no_CPU_to_judge_and_nothing_is_missing()
    {
        var story = new Story().Set(MetricCatalog.Owned, 1).Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Set(MetricCatalog.Owned, 0).Absent(MetricCatalog.MemoryUsageRatio).Next();
        Assert.Equal("Firing 0, Resolved 5", story.Walk);
        Assert.Equal("no process holds the database any more", story.Transitions[^1].Reason);
        Assert.Equal(["DiskFull", "SyncFailing", "DatabaseDown"], story.Alerts.NoData.AsEnumerable());
    }

    [Fact]
    public void A_database_that_is_gone_and_was_not_expected_closes_what_is_open()
    {
        var story = new Story().Set(MetricCatalog.DiskUsageRatio, 0.95).Play(MetricCatalog.CpuUsageRatio, "0.95");
        story.Database = story.Database with { State = DatabaseState.Lost, Expected = false };
        story.Next();
        Assert.Equal("HighCpu Pending 0, DiskFull Firing 0, HighCpu Resolved 5, DiskFull Resolved 5", story.Told);
        Assert.Equal("the database is gone and was not expected", story.Transitions[^1].Reason);
        Assert.Empty(story.Alerts.Open);
        Assert.Empty(story.Alerts.NoData);
    }

    [Fact]
    public void A_rule_that_is_turned_off_closes_its_episode_and_raises_no_other()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Rules = RuleSet.BuiltIn.With("HighMemory", enabled: false);
        story.Restart().Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("Firing 0, Resolved 5", story.Walk);
        Assert.Equal("the rule was turned off", story.Transitions[^1].Reason);
        Assert.DoesNotContain("HighMemory", story.Alerts.NoData);
    }
}

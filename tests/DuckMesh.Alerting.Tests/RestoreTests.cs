using DuckMesh.Model.Alerts;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

public sealed class RestoreTests
{
    [Fact]
    public void The_for_clock_goes_on_over_a_restart()
    {
        var story = new Story().Play(MetricCatalog.CpuUsageRatio, "0.95*6");
        story.Restart().Pass(TimeSpan.FromSeconds(60));
        Assert.Equal("Pending 0, Firing 60", story.Walk);
        Assert.Single(story.Folded);
    }

    [Fact]
    public void The_same_episode_is_open_after_a_restart_and_is_not_told_again()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9*3");
        var before = Assert.Single(story.Alerts.Open);
        story.Restart(TimeSpan.FromHours(20));
        Assert.Equal(before, Assert.Single(story.Alerts.Open));
        story.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(story.Transitions);
        story.Play(MetricCatalog.MemoryUsageRatio, "0.1");
        Assert.Equal((2, before.Id), (story.Transitions[1].Number, story.Transitions[1].Episode));
    }

    [Fact]
    public void After_too_long_an_outage_a_pending_episode_begins_anew()
    {
        var story = new Story().Play(MetricCatalog.CpuUsageRatio, "0.95*2");
        story.Restart(TimeSpan.FromHours(2)).Pass(TimeSpan.FromSeconds(65));
        Assert.Equal("Pending 0, Resolved 7210, Pending 7210, Firing 7270", story.Walk);
        Assert.Equal(2, story.Folded.Count);
    }

    [Fact]
    public void An_outage_within_the_tolerance_counts()
    {
        var story = new Story().Play(MetricCatalog.CpuUsageRatio, "0.95*2");
        story.Restart(TimeSpan.FromMinutes(50)).Next();
        Assert.Equal("Pending 0, Firing 3010", story.Walk);
    }

    [Fact]
    public void An_open_episode_waits_until_its_window_is_full_again()
    {
        var story = new Story().Play(MetricCatalog.FailedQueries, "0 20");
        story.Restart().Play(MetricCatalog.FailedQueries, "20*12");
        Assert.Equal("Firing 5", story.Walk);
        story.Play(MetricCatalog.FailedQueries, "20");
        Assert.Equal("Firing 5, Resolved 70", story.Walk);
    }

    [Fact]
    public void A_missing_metric_is_only_late_after_a_restart()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Restart(TimeSpan.FromMinutes(30)).Play(MetricCatalog.MemoryUsageRatio, "-*3");
        Assert.Equal("Firing 0", story.Walk);
        Assert.Empty(story.Alerts.NoData.Intersect(["HighMemory"]));
        story.Next();
        Assert.Equal("Firing 0, NoData 1820", story.Walk);
        Assert.Contains("HighMemory", story.Alerts.NoData);
    }

    [Fact]
    public void An_episode_of_a_rule_that_is_gone_is_closed()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Rules = new RuleSet([.. RuleSet.BuiltIn.Rules.Where(r => r.Name != "HighMemory")]);
        story.Restart().Next();
        Assert.Equal("Firing 0, Resolved 5", story.Walk);
        Assert.Equal("there is no such rule any more", story.Transitions[^1].Reason);
    }

    [Fact]
    public void What_could_not_be_stored_is_proposed_anew_while_it_is_true()
    {
        var story = new Story().Set(MetricCatalog.DiskUsageRatio, 0.95).Play(MetricCatalog.MemoryUsageRatio, "0.9");
        var lost = story.Alerts.Open;
        story.Alerts.Reconcile([]);
        Assert.Empty(story.Alerts.Open);
        story.Set(MetricCatalog.DiskUsageRatio, 0.1).Next();
        var again = Assert.Single(story.Alerts.Open);
        Assert.Equal(("HighMemory", EpisodeState.Firing, 1), (again.Rule, again.State, again.Changes));
        Assert.DoesNotContain(again.Id, lost.Select(e => e.Id));
    }

    [Fact]
    public void A_resolve_that_could_not_be_stored_is_proposed_anew()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9");
        var stored = story.Alerts.Open;
        story.Play(MetricCatalog.MemoryUsageRatio, "0.1");
        story.Alerts.Reconcile(stored);
        Assert.Equal(stored.AsEnumerable(), story.Alerts.Open);
        story.Next();
        Assert.Equal((EpisodeState.Resolved, 2), (story.Transitions[^1].To, story.Transitions[^1].Number));
        Assert.Empty(story.Alerts.Open);
    }
}

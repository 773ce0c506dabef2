using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

/// <summary>A clock that jumps must make nothing fire, and nothing resolve, that is not so.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    [Fact]
    public void A_batch_that_is_not_newer_is_ignored()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Now -= Story.Interval;
        story.Play(MetricCatalog.MemoryUsageRatio, "0.1");
        Assert.Equal("Firing 0", story.Walk);
        story.Next();
        Assert.Equal("Firing 0, Resolved 5", story.Walk);
    }

    [Fact]
    public void A_year_ahead_is_no_time_in_which_a_condition_held()
    {
        var story = new Story().Play(MetricCatalog.CpuUsageRatio, "0.95*3");
        story.Now += Year;
        story.Play(MetricCatalog.CpuUsageRatio, "0.95*12");
        Assert.DoesNotContain("Firing", story.Walk, StringComparison.Ordinal);
        story.Next();
        Assert.EndsWith("Firing 31536075", story.Walk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_set_back_begins_a_pending_episode_anew()
    {
        var story = new Story().Play(MetricCatalog.CpuUsageRatio, "0.95*3");
        story.Now -= TimeSpan.FromDays(1);
        story.Play(MetricCatalog.CpuUsageRatio, "0.95*13");
        Assert.Equal("Pending 0, Resolved -86385, Pending -86385, Firing -86325", story.Walk);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void What_fires_goes_on_firing_over_a_jump_also_when_its_metric_is_late(int days)
    {
        var story = new Story().Set(MetricCatalog.FailedQueries, 0).Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Set(MetricCatalog.FailedQueries, 11).Next();
        story.Now += TimeSpan.FromDays(days);
        story.Play(MetricCatalog.MemoryUsageRatio, "- - 0.9");
        story.Now -= TimeSpan.FromDays(days);
        story.Play(MetricCatalog.MemoryUsageRatio, "- - 0.9*5");
        Assert.Equal("HighMemory Firing 0, FailedQueries Firing 5", story.Told);
    }

    [Fact]
    public void A_metric_that_goes_missing_with_a_clock_set_back_is_missed_all_the_same()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9");
        story.Now -= Year;
        story.Play(MetricCatalog.MemoryUsageRatio, "-*4");
        Assert.Equal("Firing 0, NoData -31535980", story.Walk);
    }

    [Fact]
    public void An_episode_without_data_is_not_closed_by_a_jump()
    {
        var story = new Story().Play(MetricCatalog.MemoryUsageRatio, "0.9 -*3");
        story.Now += Year;
        story.Next();
        Assert.Equal("Firing 0, NoData 15", story.Walk);
    }
}

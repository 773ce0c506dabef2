using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

/// <summary>Down, crashed, cleanly closed, and the batch job that comes and goes.</summary>
public sealed class PresenceTests
{
    [Fact]
    public void An_expected_database_that_is_not_observed_is_down_at_once()
    {
        var story = Held();
        story.Next();
        story.Database = story.Database with { State = DatabaseState.Down, Reason = "there is no file at /data/app.duckdb" };
        story.Set(MetricCatalog.Up, 0).Absent(MetricCatalog.Owned).Absent(MetricCatalog.WalSizeBytes).Absent(MetricCatalog.WalCommits).Next();
        Assert.Equal("DatabaseDown Firing 5", story.Told);
        Assert.Equal("an expected database is not observed: there is no file at /data/app.duckdb", story.Transitions[0].Reason);

        story.Set(MetricCatalog.Up, 1).Next();
        Assert.Equal("DatabaseDown Firing 5, DatabaseDown Resolved 10", story.Told);
        Assert.Equal("the database is observed again", story.Transitions[1].Reason);
    }

    [Fact]
    public void A_clean_close_leaves_no_log_and_raises_nothing()
    {
        var story = Held();
        story.Set(MetricCatalog.WalCommits, 12).Set(MetricCatalog.WalSizeBytes, 4096).Next();
        Release(story).Set(MetricCatalog.WalCommits, 0).Set(MetricCatalog.WalSizeBytes, 0).Pass(TimeSpan.FromMinutes(5));
        Assert.Empty(story.Transitions);
    }

    [Fact]
    public void A_crash_leaves_commits_behind_and_fires_after_a_minute()
    {
        var story = Held();
        story.Set(MetricCatalog.WalCommits, 12).Set(MetricCatalog.WalSizeBytes, 4096).Next();
        Release(story).Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("OwnerCrashed Pending 5, OwnerCrashed Firing 65", story.Told);
        Assert.Equal("no process holds the database and a write-ahead log with 12 commits is left", story.Transitions[1].Reason);

        story.Set(MetricCatalog.Owned, 1).Set(MetricCatalog.WalCommits, 0).Set(MetricCatalog.WalSizeBytes, 0).Next();
        Assert.Equal("OwnerCrashed Pending 5, OwnerCrashed Firing 65, OwnerCrashed Resolved 125", story.Told);
        Assert.Equal("a process holds the database again", story.Transitions[2].Reason);
    }

    [Fact]
    public void An_owner_that_comes_back_within_the_minute_raises_nothing_that_fires()
    {
        var story = Held();
        story.Set(MetricCatalog.WalCommits, 12).Set(MetricCatalog.WalSizeBytes, 4096).Next();
        Release(story).Pass(TimeSpan.FromSeconds(40));
        story.Set(MetricCatalog.Owned, 1).Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("OwnerCrashed Pending 5, OwnerCrashed Resolved 45", story.Told);
    }

    [Fact]
    public void Where_commits_cannot_be_counted_any_log_left_behind_counts()
    {
        var story = Held();
        story.Absent(MetricCatalog.WalCommits).Set(MetricCatalog.WalSizeBytes, 4096).Next();
        Release(story).Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("OwnerCrashed Pending 5, OwnerCrashed Firing 65", story.Told);
        Assert.Equal("no process holds the database and a write-ahead log of 4096 bytes is left, whose commits can't be counted", story.Transitions[1].Reason);
    }

    [Fact]
    public void A_log_without_a_commit_is_no_crash()
    {
        var story = Held();
        Release(story).Set(MetricCatalog.WalCommits, 0).Set(MetricCatalog.WalSizeBytes, 8).Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(story.Transitions);
    }

    [Fact]
    public void Where_ownership_cannot_be_known_there_is_no_data_and_no_crash()
    {
        var story = new Story().Set(MetricCatalog.Up, 1).Set(MetricCatalog.WalCommits, 12).Set(MetricCatalog.WalSizeBytes, 4096);
        story.Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(story.Transitions);
        Assert.Contains("OwnerCrashed", story.Alerts.NoData);
    }

    [Fact]
    public void A_batch_job_that_opens_writes_and_closes_raises_nothing_even_when_it_dies()
    {
        var story = Held();
        story.Database = story.Database with { Expected = false };
        for (var run = 0; run < 3; run++)
        {
            story.Set(MetricCatalog.Owned, 1).Set(MetricCatalog.WalCommits, 3).Set(MetricCatalog.WalSizeBytes, 900).Pass(TimeSpan.FromSeconds(30));
            Release(story).Set(MetricCatalog.WalCommits, 0).Set(MetricCatalog.WalSizeBytes, 0).Pass(TimeSpan.FromMinutes(2));
        }

        Release(story).Set(MetricCatalog.WalCommits, 3).Set(MetricCatalog.WalSizeBytes, 900).Pass(TimeSpan.FromMinutes(2));
        story.Database = story.Database with { State = DatabaseState.Lost };
        story.Absent(MetricCatalog.Up).Next();
        Assert.Empty(story.Transitions);
        Assert.DoesNotContain("OwnerCrashed", story.Alerts.NoData);
        Assert.DoesNotContain("DatabaseDown", story.Alerts.NoData);
    }

    [Fact]
    public void A_database_that_is_no_longer_expected_is_no_longer_down()
    {
        var story = new Story().Play(MetricCatalog.Up, "0");
        story.Database = story.Database with { Expected = false };
        story.Next();
        Assert.Equal("DatabaseDown Firing 0, DatabaseDown Resolved 5", story.Told);
        Assert.Equal("the database is not expected any more", story.Transitions[^1].Reason);
    }

    private static Story Held() => new Story().Set(MetricCatalog.Up, 1).Set(MetricCatalog.Owned, 1).Set(MetricCatalog.WalCommits, 0).Set(MetricCatalog.WalSizeBytes, 0);

    private static Story Release(Story story) => story.Set(MetricCatalog.Owned, 0);
}

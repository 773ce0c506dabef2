using DuckMesh.Model.Metrics;

namespace DuckMesh.History.Tests;

public sealed class RetentionTests
{
    [Theory]
    [InlineData(RetentionClass.Query, 30)]
    [InlineData(RetentionClass.Error, 90)]
    [InlineData(RetentionClass.Sync, 90)]
    [InlineData(RetentionClass.Commit, 30)]
    [InlineData(RetentionClass.Conflict, 30)]
    [InlineData(RetentionClass.Alert, 365)]
    [InlineData(RetentionClass.Samples, 30)]
    public void By_default_a_class_is_kept_as_the_contract_says(RetentionClass kept, int days) => Assert.Equal(days, Retention.Default.Days(kept));

    [Fact]
    public void Every_class_has_its_days() => Assert.All(Enum.GetValues<RetentionClass>(), kept => Assert.InRange(Retention.Default.Days(kept), 1, Retention.MaxDays));

    [Fact]
    public void The_rollup_is_kept_for_a_year_and_never_shorter_than_samples()
    {
        Assert.Equal(365, Retention.Default.Rollup);
        Assert.Equal(365, new Retention { Samples = 7 }.Rollup);
        Assert.Equal(800, new Retention { Error = 800 }.Rollup);
    }
}

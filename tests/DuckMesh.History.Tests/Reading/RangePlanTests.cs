using CsCheck;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Reading;

public sealed class RangePlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset KeptSince = Now.AddDays(-30);

    [Theory]
    [InlineData(1, null, 15, Tier.Raw, false)]
    [InlineData(6, null, 120, Tier.Raw, false)]
    [InlineData(24, null, 300, Tier.Raw, false)]
    [InlineData(24 * 7, null, 3600, Tier.Hour, false)]
    [InlineData(24 * 7, 15, 60, Tier.Raw, true)]
    [InlineData(1, 5, 5, Tier.Raw, false)]
    [InlineData(24, 3600, 3600, Tier.Hour, false)]
    [InlineData(24, 5400, 5400, Tier.Raw, false)]
    [InlineData(24 * 40, 60, 3600, Tier.Hour, true)]
    [InlineData(24 * 365, null, 172_800, Tier.Hour, false)]
    public void A_range_is_answered_in_steps_that_fit_it(int hours, int? step, int seconds, Tier tier, bool coarsened) => Assert.Equal(
        new RangePlan(TimeSpan.FromSeconds(seconds), tier, coarsened),
        RangePlan.Of(Now.AddHours(-hours), Now, step is { } s ? TimeSpan.FromSeconds(s) : null, KeptSince));

    [Fact]
    public void Any_range_gives_at_most_so_many_points_in_whole_seconds_and_never_a_finer_step_than_asked() =>
        Gen.Select(Gen.Double[0.001, 1e9], Gen.Double[0.001, 1e7], Gen.Bool, Gen.Double[0, 1e9]).Sample((width, step, asked, ago) =>
        {
            var to = Now.AddSeconds(-ago);
            var plan = RangePlan.Of(to.AddSeconds(-width), to, asked ? TimeSpan.FromSeconds(step) : null, KeptSince);
            Assert.True(width / plan.Step.TotalSeconds <= RangePlan.MostPoints + 1);
            Assert.Equal(0, plan.Step.Ticks % TimeSpan.TicksPerSecond);
            Assert.True(plan.Step >= TimeSpan.FromSeconds(1));
            if (asked) Assert.True(plan.Step.TotalSeconds >= step);
            if (plan.Tier == Tier.Hour) Assert.Equal(0, plan.Step.Ticks % TimeSpan.TicksPerHour);
            if (to.AddSeconds(-width) < KeptSince) Assert.Equal(Tier.Hour, plan.Tier);
            Assert.Equal(asked && plan.Step > TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(TimeSpan.FromSeconds(step).TotalSeconds))), plan.Coarsened);
        });
}

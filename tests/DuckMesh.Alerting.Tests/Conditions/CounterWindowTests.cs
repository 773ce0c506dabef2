using CsCheck;
using DuckMesh.Alerting.Conditions;

namespace DuckMesh.Alerting.Tests.Conditions;

public sealed class CounterWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(600)]
    public void A_steady_counter_gains_what_it_gains_in_a_window(int seconds)
    {
        var window = new CounterWindow(Minute, TimeSpan.FromSeconds(seconds));
        for (var i = 0; i <= 1000; i++)
        {
            window.Add(Story.Start.AddSeconds(i * seconds), 7.0 * i * seconds);
            Assert.Equal(i * seconds >= Math.Max(60, seconds), window.Full);
        }

        Assert.Equal(7 * Math.Max(60, seconds), window.Gained);
    }

    /// <summary>Samples come at any pace, up to a hundred times as fast as announced.</summary>
    [Fact]
    public void The_gain_is_that_of_the_window_and_of_little_more()
    {
        var interval = TimeSpan.FromSeconds(5);
        Gen.Select(Gen.Int[50, 5_500], Gen.Int[0, 20]).Array[2, 400].Sample(steps =>
        {
            var window = new CounterWindow(Minute, interval);
            var all = new List<(DateTimeOffset At, double Total)>();
            var (at, total) = (Story.Start, 1000.0);
            foreach (var (ms, gain) in steps)
            {
                (at, total) = (at.AddMilliseconds(ms), total + gain);
                all.Add((at, total));
                window.Add(at, total);
            }

            var least = total - all.Last(s => at - s.At >= Minute || s == all[0]).Total;
            var most = total - all.Last(s => at - s.At >= Minute + interval + interval / 2 || s == all[0]).Total;
            Assert.InRange(window.Gained, least, most);
            Assert.Equal(at - all[0].At >= Minute, window.Full);
        }, iter: 2_000);
    }

    [Fact]
    public void A_counter_that_begins_anew_goes_on_from_zero()
    {
        var window = new CounterWindow(Minute, TimeSpan.FromSeconds(5));
        foreach (var (i, value) in new[] { 100.0, 110, 4, 6, 1 }.Index()) window.Add(Story.Start.AddSeconds(5 * i), value);
        Assert.Equal(10 + 4 + 2 + 1, window.Gained);
    }

    [Fact]
    public void A_gap_longer_than_the_window_and_a_clock_set_back_begin_it_anew()
    {
        var window = new CounterWindow(Minute, TimeSpan.FromSeconds(5));
        for (var i = 0; i <= 20; i++) window.Add(Story.Start.AddSeconds(5 * i), i);
        Assert.Equal((12, true), (window.Gained, window.Full));
        window.Add(Story.Start.AddSeconds(170), 500);
        Assert.Equal((0, false), (window.Gained, window.Full));
        window.Add(Story.Start.AddSeconds(175), 501);
        Assert.Equal(1, window.Gained);
        window.Add(Story.Start, 600);
        Assert.Equal((0, false), (window.Gained, window.Full));
    }
}

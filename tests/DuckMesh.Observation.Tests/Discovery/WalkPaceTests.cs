using DuckMesh.Observation.Discovery;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Discovery;

public sealed class WalkPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WalkPace _pace;

    public WalkPaceTests()
    {
        _pace = new WalkPace(_time);
        _pace.StartRound();
    }

    [Fact]
    public void A_short_walk_does_not_rest()
    {
        _time.Advance(WalkPace.Stretch - TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, _pace.Rest());
        Assert.Equal(WalkPace.Between, _pace.EndRound());
    }

    [Fact]
    public void A_long_walk_works_a_quarter_of_the_time_and_a_tenth_over_the_rounds()
    {
        var (worked, rested) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var name = 0; name < 100_000; name++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(100));
            worked += TimeSpan.FromMicroseconds(100);
            if (_pace.Rest() is not { Ticks: > 0 } rest) continue;
            rested += rest;
            _time.Advance(rest);
            _pace.Resume();
        }

        Assert.Equal(TimeSpan.FromSeconds(10), worked);
        Assert.Equal(worked * WalkPace.RestPerWork, rested);
        Assert.Equal(worked * WalkPace.BetweenPerWork, _pace.EndRound());
        _pace.StartRound();
        Assert.Equal(WalkPace.Between, _pace.EndRound());
    }
}

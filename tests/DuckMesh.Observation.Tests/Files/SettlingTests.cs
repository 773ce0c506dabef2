using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Files;

public sealed class SettlingTests
{
    private readonly FakeTimeProvider _time = new();
    private Settling _settling;

    private bool MustRead(long modified) =>
        _settling.MustRead(new FileStatus(new FileIdentity(1, 2), FileKind.Regular, 100, modified, 1), _time.GetTimestamp(), _time);

    [Fact]
    public void An_unchanged_stamp_is_trusted_only_after_a_read_well_after_it_was_first_seen()
    {
        Assert.True(MustRead(1));
        Assert.True(MustRead(1));
        _time.Advance(Settling.Time - TimeSpan.FromMilliseconds(1));
        Assert.True(MustRead(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(MustRead(1));
        Assert.False(MustRead(1));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(MustRead(1));
    }

    [Fact]
    public void A_new_stamp_starts_again()
    {
        MustRead(1);
        _time.Advance(Settling.Time);
        MustRead(1);
        Assert.False(MustRead(1));
        Assert.True(MustRead(2));
        Assert.True(MustRead(2));
        Assert.True(MustRead(1));
    }
}

using CsCheck;
using DuckMesh.Node.Configuration;

namespace DuckMesh.Node.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5s", 5)]
    [InlineData("5 s", 5)]
    [InlineData("1.5m", 90)]
    [InlineData("1h", 3600)]
    [InlineData("1d", 86400)]
    [InlineData("0s", 0)]
    public void A_number_and_a_unit_is_a_duration(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5S")]
    [InlineData("1e3s")]
    [InlineData("5 weeks")]
    [InlineData("99999999999999999999d")]
    [InlineData("400d")]
    public void Everything_else_is_none(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void A_duration_reads_back_from_its_text() =>
        Gen.Int[0, 366 * 86400].Sample(seconds =>
        {
            var duration = TimeSpan.FromSeconds(seconds);
            Assert.True(Duration.TryParse(Duration.Text(duration), out var read));
            Assert.Equal(duration, read);
        });
}

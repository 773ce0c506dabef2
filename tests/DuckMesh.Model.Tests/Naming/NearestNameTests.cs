using DuckMesh.Model.Naming;

namespace DuckMesh.Model.Tests.Naming;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("intervall", "interval")]
    [InlineData("HIGHCPU", "HighCpu")]
    [InlineData("wach", "watch")]
    public void The_nearest_is_the_one_with_the_fewest_changes(string typed, string meant) =>
        Assert.Equal(meant, NearestName.Of(typed, ["interval", "HighCpu", "watch", "exclude"]));

    [Fact]
    public void Where_nothing_is_known_nothing_is_near() => Assert.Null(NearestName.Of("x", []));
}

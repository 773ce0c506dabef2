using CsCheck;
using DuckMesh.Cluster.Edge;

namespace DuckMesh.Cluster.Tests.Edge;

public sealed class FencesTests
{
    [Fact]
    public void From_the_first_word_of_a_newer_life_on_the_older_one_is_refused()
    {
        var fences = new Fences();
        Assert.Null(fences.NewerThan(Request("h1/1", 1)));
        Assert.Null(fences.NewerThan(Request("h1/1", 2)));
        Assert.Equal(2, fences.NewerThan(Request("h1/1", 1)));
        Assert.Null(fences.NewerThan(Request("h1/1", 2)));
        Assert.Null(fences.NewerThan(Request("h1/2", 1)));
    }

    [Fact]
    public void In_any_order_of_requests_a_cells_admitted_numbers_never_go_down() => Gen.Int[1, 5].Array.Sample(numbers =>
    {
        var fences = new Fences();
        var admitted = numbers.Where(n => fences.NewerThan(Request("h1/1", n)) is null).ToArray();
        Assert.Equal(admitted.Order(), admitted);
        Assert.Equal(numbers.Length == 0 ? 0 : numbers.Max(), admitted.LastOrDefault());
    });

    private static EdgeProtocol.Known Request(string cell, long fence) => new(cell, [], fence);
}

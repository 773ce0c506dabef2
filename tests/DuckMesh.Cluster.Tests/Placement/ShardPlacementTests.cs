using System.Collections.Immutable;
using CsCheck;
using DuckMesh.Cluster.Placement;

namespace DuckMesh.Cluster.Tests.Placement;

public sealed class ShardPlacementTests
{
    private static readonly string[] Hosts = ["a", "b", "c", "d"];

    /// <summary>Any fleet of one node a host, some usable, with any shards anywhere.</summary>
    private static readonly Gen<ImmutableArray<Region<int>>> Fleet =
        from nodes in Gen.Int[1, 4]
        from usable in Gen.Bool.Array[nodes]
        from places in Gen.Int[0, nodes - 1].Array[Hosts.Length * 4]
        select Enumerable.Range(0, nodes).Select(n => new Region<int>(
            n, Hosts[n], usable[n], [.. places.Select((place, shard) => (place, shard)).Where(p => p.place == n).Select(p => $"{Hosts[p.shard / 4]}/{p.shard % 4}")])).ToImmutableArray();

    [Fact]
    public void A_shard_is_placed_on_its_hosts_node_while_that_is_usable() => Fleet.Sample(regions =>
    {
        foreach (var home in regions.Where(r => r.Usable)) Assert.Equal(home, ShardPlacement.Place($"{home.Host}/0", regions));
    });

    [Fact]
    public void A_shard_without_a_home_is_placed_on_the_usable_node_that_has_the_fewest_or_nowhere() => Fleet.Sample(regions =>
    {
        var place = ShardPlacement.Place("elsewhere/0", regions);
        if (place is null) Assert.DoesNotContain(regions, r => r.Usable);
        else Assert.True(place.Usable && place.Shards.Length == regions.Where(r => r.Usable).Min(r => r.Shards.Length));
    });

    [Fact]
    public void Moves_are_few_end_and_bring_every_shard_home_whose_home_is_usable() => Fleet.Sample(regions =>
    {
        for (var round = 0; ; round++)
        {
            var moves = ShardPlacement.Moves(regions, []);
            if (moves.Count == 0) break;
            Assert.True(moves.Count <= ShardPlacement.MostMoves && round < 100, "it does not end");
            foreach (var shard in moves) regions = Move(regions, shard);
        }

        foreach (var region in regions)
        {
            foreach (var shard in region.Shards) Assert.True(region.Host == shard[..1] || !regions.Any(r => r.Usable && r.Host == shard[..1]), $"{shard} is on {region.Host}");
        }
    });

    [Fact]
    public void Nothing_moves_while_something_is_on_the_move_or_when_all_are_home()
    {
        ImmutableArray<Region<int>> away = [new(0, "a", true, []), new(1, "b", true, ["a/0", "b/1"])];
        Assert.Empty(ShardPlacement.Moves(away, ["b/3"]));
        Assert.Equal(["a/0"], ShardPlacement.Moves(away, []));
        Assert.Empty(ShardPlacement.Moves<int>([new(0, "a", true, ["a/0"]), new(1, "b", true, ["b/1", "gone/2"])], []));
    }

    /// <summary>As the coordinator does it: the shard is taken away, then placed anew.</summary>
    private static ImmutableArray<Region<int>> Move(ImmutableArray<Region<int>> regions, string shard)
    {
        ImmutableArray<Region<int>> without = [.. regions.Select(r => r with { Shards = r.Shards.Remove(shard) })];
        var to = ShardPlacement.Place(shard, without)!;
        return without.Replace(to, to with { Shards = to.Shards.Add(shard) });
    }
}

using DuckMesh.Cluster.Cells;

namespace DuckMesh.Cluster.Placement;

/// <summary>
/// Where a shard belongs: on its host's own node while that is usable, so that bulk readings never cross the cluster's transport; else on the usable node that has
/// the fewest, so that a lost host still has someone to say so. Pure.
/// </summary>
public static class ShardPlacement
{
    /// <summary>Shards on the move at a time: half of a host's, so that a node that returns is not flooded, and all are home after two rounds.</summary>
    public const int MostMoves = CellExtractor.ShardsPerHost / 2;

    /// <summary>The region for a shard that has none; null when no region is usable.</summary>
    public static Region<T>? Place<T>(string shard, IReadOnlyCollection<Region<T>> regions) =>
        HomeOf(shard, regions) ?? regions.Where(r => r.Usable).MinBy(r => r.Shards.Length);

    /// <summary>The shards to move now: guests whose home is usable again.</summary>
    /// <param name="inProgress">Shards that are on the move.</param>
    public static IReadOnlyList<string> Moves<T>(IReadOnlyCollection<Region<T>> regions, IReadOnlyCollection<string> inProgress)
    {
        if (inProgress.Count > 0) return [];
        var guests = from region in regions
                     from shard in region.Shards
                     let home = HomeOf(shard, regions)
                     where home is not null && home != region
                     orderby shard
                     select shard;
        return [.. guests.Take(MostMoves)];
    }

    private static Region<T>? HomeOf<T>(string shard, IEnumerable<Region<T>> regions)
    {
        var host = CellId.HostOf(shard);
        return regions.FirstOrDefault(r => r.Usable && r.Host == host);
    }
}

using Akka.Cluster.Sharding;

namespace DuckMesh.Cluster.Cells;

/// <summary>Routes messages to cells. A shard belongs to one host, so that all of it can live on that host's node.</summary>
public sealed class CellExtractor() : HashCodeMessageExtractor(ShardsPerHost)
{
    /// <summary>Shards a host. Their number hardly matters for speed (1, 4 and 34 recovered alike); a few let a big host be handed over in parts. Part of the journal's format.</summary>
    public const int ShardsPerHost = 4;

    public override string? EntityId(object message) => (message as ICellMessage)?.Cell;

    public override string ShardId(string entityId, object? messageHint = null)
    {
        var slash = entityId.LastIndexOf('/');
        return $"{entityId[..slash]}/{int.Parse(entityId.AsSpan(slash + 1), provider: System.Globalization.CultureInfo.InvariantCulture) % ShardsPerHost}";
    }
}

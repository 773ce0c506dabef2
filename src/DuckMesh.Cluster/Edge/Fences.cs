namespace DuckMesh.Cluster.Edge;

/// <summary>
/// The newest fencing number that an edge has heard of each cell. Two lives of a cell can overlap for a moment in a failover; from the first word of the newer
/// one on, nothing that the older asks is done. Pure; as many entries as the host has cells.
/// </summary>
public sealed class Fences
{
    private readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);

    /// <summary>Null: go on. Else the request is older than this number, and must be refused.</summary>
    public long? NewerThan(IEdgeRequest request)
    {
        var newest = _newest.GetValueOrDefault(request.Cell);
        if (request.Fence < newest) return newest;
        if (request.Fence > newest) _newest[request.Cell] = request.Fence;
        return null;
    }
}

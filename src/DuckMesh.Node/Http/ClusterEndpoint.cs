using DuckMesh.Cluster;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/cluster</c>: the nodes.</summary>
internal static class ClusterEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/v1/cluster", List)
        .AddEndpointFilter(new KnownParameters([]))
        .WithName("listNodes").WithSummary("Nodes of the cluster").WithDescription("Each node, what its discovery found, and where it could not look.").WithTags("cluster");

    private static async Task<Ok<Page<NodeItem>>> List(Fleet fleet, ThisNode node, NodeStatus status, CancellationToken cancellation)
    {
        var snapshot = await fleet.SnapshotAsync(cancellation);
        return TypedResults.Ok(new Page<NodeItem>([new NodeItem(node, status, snapshot.Databases.Length)], Next: null, Missing: []));
    }
}

using DuckMesh.Cluster;
using DuckMesh.Node.Http.Gathering;
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

    public static void AddQuestions(IServiceCollection services) => services.AddNodeQuestion<AboutNode, NodeItem>("node", provider => async (_, cancellation) =>
    {
        var snapshot = await provider.GetRequiredService<Fleet>().SnapshotAsync(cancellation);
        return new NodeItem(provider.GetRequiredService<ThisNode>(), provider.GetRequiredService<NodeStatus>(), snapshot.Databases.Length);
    });

    private static async Task<Ok<Page<NodeItem>>> List(NodeQuestion<AboutNode, NodeItem> nodes, CancellationToken cancellation)
    {
        var gathered = await nodes.AskAsync(default, cancellation);
        var items = gathered.Answers.Concat(gathered.Missing.Select(n => new NodeItem(n))).OrderBy(n => n.Host, StringComparer.Ordinal).ThenBy(n => n.Address, StringComparer.Ordinal);
        return TypedResults.Ok(new Page<NodeItem>([.. items], Next: null, gathered.MissingNames));
    }
}

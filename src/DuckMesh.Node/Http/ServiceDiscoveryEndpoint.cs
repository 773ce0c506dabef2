using System.Collections.Immutable;
using DuckMesh.Node.Http.Items;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/sd</c>: every node of the cluster for Prometheus' HTTP service discovery, also those that do not answer now: that they are down is for Prometheus to see.</summary>
internal static class ServiceDiscoveryEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/sd", List)
        .AddEndpointFilter(new KnownParameters([]))
        .WithName("serviceDiscovery").WithSummary("Targets for Prometheus").WithDescription("Every node of the cluster, as http_sd_configs reads it.").WithTags("cluster");

    private static Ok<ImmutableArray<TargetGroup>> List(ClusterNodes nodes) => TypedResults.Ok<ImmutableArray<TargetGroup>>([.. nodes.All().Select(n => new TargetGroup(n.Host, n.Http))]);
}

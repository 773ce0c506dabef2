using System.Collections.Immutable;
using DuckMesh.Cluster;
using DuckMesh.Node.Http.Items;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary>
/// <c>/health/live</c>: the process answers; a node that left its cluster ends by itself. <c>/health/ready</c>: it is a member, its journal can be written, its shard region runs.
/// </summary>
internal static class HealthEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("live\n"))
            .WithName("live").WithSummary("Liveness").WithDescription("200 while the process answers.").WithTags("health");
        routes.MapGet("/health/ready", Ready)
            .WithName("ready").WithSummary("Readiness").WithDescription("200 when the node is a cluster member, its journal can be written and its shard region runs; else 503 with the same checks.").WithTags("health")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    public static ReadinessItem Readiness(NodeStatus status) => new(status.Ready,
    [
        new("member", status.MemberUp, status.MemberUp ? null : status.Formation ?? "The node is still joining its cluster; this takes some seconds after the start."),
        new("region", status.RegionStarted, status.RegionStarted ? null : "The shard region is not started yet; this takes some seconds after the start."),
        new("journal", status.JournalError is null, status.JournalError),
    ]);

    private static Results<Ok<ReadinessItem>, ProblemHttpResult> Ready(NodeStatus status)
    {
        var readiness = Readiness(status);
        if (readiness.Ready) return TypedResults.Ok(readiness);
        var failed = readiness.Checks.Where(c => !c.Ok).ToImmutableArray();
        return TypedResults.Problem(
            string.Join(" ", failed.Select(c => $"{c.Name}: {c.Detail}")), statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not ready",
            extensions: [new("ready", false), new("checks", readiness.Checks)]);
    }
}

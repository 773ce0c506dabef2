using DuckMesh.Alerting;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/rules</c>: the rules and how the fleet stands with each.</summary>
internal static class RulesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/v1/rules", List)
        .AddEndpointFilter(new KnownParameters([]))
        .WithName("listRules").WithSummary("Rules").WithDescription("Each rule, and how many databases are pending, firing or can't be judged.").WithTags("alerts");

    private static async Task<Ok<Page<RuleItem>>> List(Fleet fleet, MonitorSettings settings, NodeStatus status, TimeProvider time, CancellationToken cancellation)
    {
        var databases = (await fleet.SnapshotAsync(cancellation)).Databases;
        var own = NodeAlerts.Of(settings.Host, status, time.GetUtcNow()).ToList();
        return TypedResults.Ok(new Page<RuleItem>(
            [
                .. settings.Rules.Rules.Select(r => new RuleItem(
                    r, databases.Count(v => Is(v, r, EpisodeState.Pending)), databases.Count(v => Is(v, r, EpisodeState.Firing)), databases.Count(v => v.NoData.Contains(r.Name) || Is(v, r, EpisodeState.NoData)))),
                new RuleItem(NodeRules.JournalDown, own.Count(a => a.State == EpisodeState.Pending), own.Count(a => a.State == EpisodeState.Firing), 0),
            ],
            Next: null,
            Missing: []));
    }

    private static bool Is(DatabaseView view, Rule rule, EpisodeState state)
    {
        foreach (var episode in view.Episodes)
        {
            if (episode.State == state && episode.Rule == rule.Name) return true;
        }

        return false;
    }
}

using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/alerts</c>: the episodes of the databases and hosts, and what the node has to say of itself.</summary>
internal static class AlertsEndpoint
{
    private static readonly Pager<AlertItem> Pager = new(a => a.Id, "-since", new Dictionary<string, Func<AlertItem, SortKey>>
    {
        ["since"] = a => (double?)a.Since.Ticks,
        ["changedAt"] = a => (double?)a.ChangedAt.Ticks,
        ["severity"] = a => (double?)(int)a.Severity,
        ["rule"] = a => a.Rule,
        ["database"] = a => a.Database,
        ["state"] = a => a.State.ToString(),
    });

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/v1/alerts", List)
        .AddEndpointFilter(KnownParameters.Of<AlertQuery>())
        .WithName("listAlerts").WithSummary("Alerts").WithDescription("Those that are open (pending, firing, noData); with state=resolved those that ended lately.").WithTags("alerts");

    private static async Task<Ok<Page<AlertItem>>> List(
        [AsParameters] AlertQuery query, Fleet fleet, MonitorSettings settings, NodeStatus status, TimeProvider time, CancellationToken cancellation)
    {
        var wanted = query.Filter();
        var snapshot = await fleet.SnapshotAsync(cancellation);
        var all = snapshot.Databases.Concat(snapshot.Hosts).SelectMany(v => v.Episodes, (v, e) => new AlertItem(e, v.Database.Name, settings.Rules)).Concat(NodeAlerts.Of(settings.Host, status, time.GetUtcNow()));
        return TypedResults.Ok(Pager.Cut(all.Where(wanted), query.Sort, query.Limit, query.Cursor));
    }
}

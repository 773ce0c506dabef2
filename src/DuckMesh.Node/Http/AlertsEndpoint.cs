using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/alerts</c>: the episodes of the databases and hosts, and what the nodes have to say of themselves.</summary>
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

    public static void AddQuestions(IServiceCollection services) => services.AddNodeQuestion<AlertQuery, Page<AlertItem>>("alerts", provider => async (query, cancellation) =>
    {
        var wanted = query.Filter();
        var snapshot = await provider.GetRequiredService<Fleet>().SnapshotAsync(cancellation);
        var (settings, status, time) = (provider.GetRequiredService<MonitorSettings>(), provider.GetRequiredService<NodeStatus>(), provider.GetRequiredService<TimeProvider>());
        var all = snapshot.Databases.Concat(snapshot.Hosts).SelectMany(v => v.Episodes, (v, e) => new AlertItem(e, v.Database.Name, settings.Rules)).Concat(NodeAlerts.Of(settings.Host, status, time.GetUtcNow()));
        return Pager.Cut(all.Where(wanted), query.Sort, query.Limit, query.Cursor);
    });

    private static async Task<Ok<Page<AlertItem>>> List([AsParameters] AlertQuery query, NodeQuestion<AlertQuery, Page<AlertItem>> nodes, CancellationToken cancellation) =>
        TypedResults.Ok(Pager.Merge(await nodes.AskAsync(query, cancellation), query.Sort, query.Limit));
}

using System.Collections.Immutable;
using System.ComponentModel;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/databases</c>: the fleet, and one database.</summary>
internal static class DatabasesEndpoint
{
    private const string Route = "/api/v1/databases";

    private static readonly Pager<DatabaseItem> Pager = new(d => d.Id, "name", new Dictionary<string, Func<DatabaseItem, SortKey>>
    {
        ["id"] = d => d.Id,
        ["name"] = d => d.Name,
        ["host"] = d => d.Host,
        ["state"] = d => d.State?.ToString(),
        ["sizeBytes"] = d => (double?)d.SizeBytes,
        ["walBytes"] = d => (double?)d.WalBytes,
        ["cpuUsageRatio"] = d => d.CpuUsageRatio,
        ["memoryUsageRatio"] = d => d.MemoryUsageRatio,
        ["memoryResidentBytes"] = d => (double?)d.MemoryResidentBytes,
        ["diskUsageRatio"] = d => d.DiskUsageRatio,
        ["alerts"] = d => (double?)d.Alerts.Length,
        ["lastSeen"] = d => (double?)d.LastSeen?.Ticks,
    });

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(Route, List)
            .AddEndpointFilter(KnownParameters.Of<DatabaseQuery>())
            .WithName("listDatabases").WithSummary("The databases of the fleet").WithDescription("Filtered, sorted, in pages.").WithTags("databases");
        api.MapGet(Route + "/{**id}", One)
            .AddEndpointFilter(new KnownParameters([]))
            .WithName("getDatabase").WithSummary("One database").WithDescription("By id, URL-encoded or as it is, or by name where only one database has it.").WithTags("databases");
    }

    private static async Task<Ok<Page<DatabaseItem>>> List([AsParameters] DatabaseQuery query, Fleet fleet, ThisNode node, CancellationToken cancellation)
    {
        var wanted = query.Filter();
        var snapshot = await fleet.SnapshotAsync(cancellation);
        return TypedResults.Ok(Pager.Cut(snapshot.Databases.Select(v => new DatabaseItem(v, node.Name)).Where(wanted), query.Sort, query.Limit, query.Cursor));
    }

    private static async Task<Results<Ok<DatabaseDetail>, ProblemHttpResult>> One(
        [Description("host:/path, host:container:/path, or a name.")] string id, HttpContext context, Fleet fleet, ThisNode node, MonitorSettings settings, CancellationToken cancellation)
    {
        var asked = AskedId(context) ?? id;
        var snapshot = await fleet.SnapshotAsync(cancellation);
        var found = Find(snapshot.Databases, asked);
        return found.Length switch
        {
            1 => TypedResults.Ok(new DatabaseDetail(found[0], node.Name, settings.Rules)),
            0 => Problems.Of(StatusCodes.Status404NotFound, $"There is no database '{asked}'. {Route}?q=TEXT finds those whose id, name or owner has the text."),
            _ => Problems.Of(StatusCodes.Status409Conflict, $"{found.Length} databases are named '{asked}'. Ask by id: {Some(found)}."),
        };
    }

    private static ImmutableArray<DatabaseView> Find(ImmutableArray<DatabaseView> databases, string asked)
    {
        var byId = databases.Where(v => v.Database.Id.Value == asked).ToImmutableArray();
        return byId.IsEmpty ? [.. databases.Where(v => v.Database.Name == asked)] : byId;
    }

    private static string Some(ImmutableArray<DatabaseView> found) =>
        string.Join(", ", found.Take(5).Select(v => v.Database.Id.Value)) + (found.Length > 5 ? ", ..." : "");

    /// <summary>
    /// The id from the request line itself. The decoded path can't be used: the server leaves %2F alone but decodes %25, so it can't tell a slash from a path that has
    /// "%2F" in a name; and it resolves ".." segments.
    /// </summary>
    private static string? AskedId(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0];
        var start = path.IndexOf(Route + "/", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? null : Uri.UnescapeDataString(path[(start + Route.Length + 1)..]);
    }
}

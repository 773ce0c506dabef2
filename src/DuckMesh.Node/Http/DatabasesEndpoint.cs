using System.Collections.Immutable;
using System.ComponentModel;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/databases</c>: the fleet, and one database.</summary>
internal static class DatabasesEndpoint
{
    private const string Route = "/api/v1/databases";

    /// <summary>A name that several have is refused anyway; a few are named.</summary>
    private const int MostOfOneName = 6;

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

    public static void AddQuestions(IServiceCollection services)
    {
        services.AddNodeQuestion<DatabaseQuery, Page<DatabaseItem>>("databases", provider => async (query, cancellation) =>
        {
            var wanted = query.Filter();
            var snapshot = await provider.GetRequiredService<Fleet>().SnapshotAsync(cancellation);
            var node = provider.GetRequiredService<ThisNode>().Name;
            return Pager.Cut(snapshot.Databases.Select(v => new DatabaseItem(v, node)).Where(wanted), query.Sort, query.Limit, query.Cursor);
        });
        services.AddNodeQuestion<string, ImmutableArray<DatabaseDetail>>("database", provider => async (asked, cancellation) =>
        {
            var snapshot = await provider.GetRequiredService<Fleet>().SnapshotAsync(cancellation);
            var (node, rules) = (provider.GetRequiredService<ThisNode>().Name, provider.GetRequiredService<MonitorSettings>().Rules);
            return [.. Find(snapshot.Databases, asked).Take(MostOfOneName).Select(v => new DatabaseDetail(v, node, rules))];
        });
    }

    private static async Task<Ok<Page<DatabaseItem>>> List([AsParameters] DatabaseQuery query, NodeQuestion<DatabaseQuery, Page<DatabaseItem>> nodes, CancellationToken cancellation) =>
        TypedResults.Ok(Pager.Merge(await nodes.AskAsync(query, cancellation), query.Sort, query.Limit));

    private static async Task<Results<Ok<DatabaseDetail>, ProblemHttpResult>> One(
        [Description("host:/path, host:container:/path, or a name.")] string id, HttpContext context, NodeQuestion<string, ImmutableArray<DatabaseDetail>> nodes, CancellationToken cancellation)
    {
        var asked = AskedId(context) ?? id;
        var gathered = await nodes.AskAsync(asked, cancellation);
        var all = gathered.Answers.SelectMany(a => a).ToImmutableArray();
        var byId = all.Where(d => d.Id == asked).ToImmutableArray();
        var found = byId.IsEmpty ? all : byId;
        if (found.Length == 1) return TypedResults.Ok(found[0]);
        if (found.Length > 1) return Problems.Of(StatusCodes.Status409Conflict, $"{found.Length} databases are named '{asked}'. Ask by id: {Some(found)}.");
        return gathered.Missing.IsEmpty
            ? Problems.Of(StatusCodes.Status404NotFound, $"There is no database '{asked}'. {Route}?q=TEXT finds those whose id, name or owner has the text.")
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, $"No node that answered knows a database '{asked}', and these did not answer: {string.Join(", ", gathered.MissingNames)}. Ask again when they do.");
    }

    private static ImmutableArray<DatabaseView> Find(ImmutableArray<DatabaseView> databases, string asked)
    {
        var byId = databases.Where(v => v.Database.Id.Value == asked).ToImmutableArray();
        return byId.IsEmpty ? [.. databases.Where(v => v.Database.Name == asked)] : byId;
    }

    private static string Some(ImmutableArray<DatabaseDetail> found) =>
        string.Join(", ", found.Take(5).Select(d => d.Id)) + (found.Length > 5 ? ", ..." : "");

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

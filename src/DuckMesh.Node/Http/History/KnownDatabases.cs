using System.Collections.Immutable;
using DuckMesh.Model.Databases;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;

namespace DuckMesh.Node.Http.History;

/// <summary>The databases that the fleet knows now, by name or id: stored series are named by host and name, stored events by id.</summary>
internal sealed class KnownDatabases(NodeQuestion<DatabaseQuery, Page<DatabaseItem>> fleet)
{
    /// <summary>All of that name, or the one of that id.</summary>
    public async Task<ImmutableArray<DatabaseItem>> FindAsync(string nameOrId, CancellationToken cancellation)
    {
        var isId = DatabaseId.TryParse(nameOrId, out _);
        var query = new DatabaseQuery(null, null, isId ? null : nameOrId, null, isId ? nameOrId : null, null, null, Pager<DatabaseItem>.MaxLimit, null);
        var pages = await fleet.AskAsync(query, cancellation);
        return [.. pages.Answers.SelectMany(p => p.Items).Where(d => !isId || d.Id == nameOrId)];
    }
}

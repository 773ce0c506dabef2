using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Cells;

/// <summary>The entity id of a cell: <c>&lt;host&gt;/&lt;bucket&gt;</c>.</summary>
public static class CellId
{
    public static string Of(DatabaseId database) => $"{database.Host}/{Bucket.Of(database)}";

    public static string HostOf(string cell) => cell[..cell.IndexOf('/', StringComparison.Ordinal)];
}

using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Metrics;

/// <summary>What is said of a database in words: identity, state and what <c>duckdb_info</c> carries. It changes rarely, so batches share one while it stays equal.</summary>
/// <param name="Name">The label <c>database</c>: short and unique on its host.</param>
/// <param name="Expected">It raises DatabaseDown and OwnerCrashed.</param>
/// <param name="Reason">Why the state is what it is, and what to try; or null.</param>
public sealed record DatabaseDescription(DatabaseId Id, string Name, DatabaseState State, bool Expected, string? Reason)
{
    public int? StorageVersion { get; init; }

    public string? CreatedBy { get; init; }

    public string? LibraryVersion { get; init; }

    public bool? Encrypted { get; init; }

    public int? OwnerPid { get; init; }

    public string? OwnerExe { get; init; }

    public DateTimeOffset? OwnerSince { get; init; }

    public string? OwnerContainer { get; init; }

    public string? OwnerCgroup { get; init; }

    /// <summary>How many processes hold it.</summary>
    public int Owners { get; init; }

    public string? FileSystem { get; init; }
}

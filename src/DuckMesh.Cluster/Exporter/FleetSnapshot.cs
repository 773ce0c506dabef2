using System.Collections.Immutable;

namespace DuckMesh.Cluster.Exporter;

/// <summary>All databases whose supervisor runs on this node, ordered by id, as of one instant: what <c>/metrics</c>, the API and the console show.</summary>
public sealed record FleetSnapshot(DateTimeOffset At, ImmutableArray<DatabaseView> Databases)
{
    /// <summary>The hosts whose supervisor runs on this node: what is told of them are their episodes.</summary>
    public ImmutableArray<DatabaseView> Hosts { get; init; } = [];
}

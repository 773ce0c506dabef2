using System.Collections.Immutable;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Terminal;

/// <summary>All that the console shows of one moment.</summary>
/// <param name="Fleet">Null: the exporter did not answer.</param>
/// <param name="Discovery">Null before the first pass.</param>
/// <param name="JournalError">Null while the journal works.</param>
/// <param name="Notes">What this process has to say besides.</param>
internal sealed record Picture(DateTimeOffset At, FleetSnapshot? Fleet, DiscoveryReport? Discovery, string? JournalError, ImmutableArray<string> Notes)
{
    /// <summary>Nothing is watched, and discovery has looked: so there is nothing, or nothing that may be seen.</summary>
    public bool FoundNothing => Fleet is { Databases.IsEmpty: true } && Discovery is { Present: 0 };
}

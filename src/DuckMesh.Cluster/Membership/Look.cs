using System.Collections.Immutable;

namespace DuckMesh.Cluster.Membership;

/// <summary>What a starting node sees in the database while nobody else can change it.</summary>
/// <param name="Founding">How often the cluster has been founded.</param>
/// <param name="Rows">All rows, its own from an earlier run among them.</param>
public sealed record Look(long Founding, ImmutableArray<MemberRow> Rows);

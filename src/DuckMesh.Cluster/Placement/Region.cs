using System.Collections.Immutable;

namespace DuckMesh.Cluster.Placement;

/// <summary>A node's shard region as the placement of shards sees it.</summary>
/// <param name="Key">What the cluster knows it by.</param>
/// <param name="Host">The host whose files the node sees; null where that is not known.</param>
/// <param name="Usable">Its node is up, reachable and not about to leave.</param>
/// <param name="Shards">What it holds now.</param>
public sealed record Region<T>(T Key, string? Host, bool Usable, ImmutableArray<string> Shards);

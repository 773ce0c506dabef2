namespace DuckMesh.Cluster.Gathering;

/// <summary>What a node answered.</summary>
/// <param name="Text">JSON.</param>
public sealed record NodeAnswer(NodeName Node, string Text);

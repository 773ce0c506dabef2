using System.Collections.Immutable;
using DuckMesh.Cluster.Gathering;

namespace DuckMesh.Node.Http.Gathering;

/// <summary>What the nodes of the cluster answered, this node among them.</summary>
/// <param name="Answers">This node's first.</param>
/// <param name="Missing">Nodes that could not be asked.</param>
internal sealed record Gathered<T>(ImmutableArray<T> Answers, ImmutableArray<NodeName> Missing)
{
    /// <summary>As lists name them.</summary>
    public ImmutableArray<string> MissingNames => [.. Missing.Select(n => n.Address)];
}

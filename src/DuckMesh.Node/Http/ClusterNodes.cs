using System.Collections.Immutable;

namespace DuckMesh.Node.Http;

/// <summary>The nodes of the cluster that have HTTP, as the cluster's members tell of themselves.</summary>
public sealed class ClusterNodes(Func<ImmutableArray<(string Host, string Http)>> all)
{
    public ImmutableArray<(string Host, string Http)> All() => all();
}

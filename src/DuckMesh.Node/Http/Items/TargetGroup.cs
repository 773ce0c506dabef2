using System.Collections.Immutable;
using System.ComponentModel;

namespace DuckMesh.Node.Http.Items;

[Description("A node as a target of Prometheus.")]
public sealed record TargetGroup
{
    internal TargetGroup(string host, string http)
    {
        Targets = [http];
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("__meta_duckmesh_host", host);
    }

    [Description("Host and port of its HTTP.")]
    public ImmutableArray<string> Targets { get; }

    [Description("__meta_duckmesh_host: the host whose files the node sees. A plain label would be mistaken for that of the databases' series.")]
    public ImmutableSortedDictionary<string, string> Labels { get; }
}

using System.ComponentModel;
using DuckMesh.Cluster;

namespace DuckMesh.Node.Http.Items;

[Description("A running DuckMesh process.")]
public sealed record NodeItem
{
    internal NodeItem(ThisNode node, NodeStatus status, int databases)
    {
        Address = node.Name;
        Host = node.Host;
        State = status.MemberUp ? "up" : "joining";
        Cells = status.Cells;
        Databases = databases;
        Version = ThisNode.Version;
        JournalError = status.JournalError;
        Discovery = status.Discovery is { } report ? new DiscoveryItem(report) : null;
    }

    [Description("In the cluster.")]
    public string Address { get; }

    [Description("The host whose files it sees.")]
    public string Host { get; }

    [Description("up or joining.")]
    public string State { get; }

    [Description("Buckets of databases that run on it.")]
    public int Cells { get; }

    [Description("Databases whose supervisor runs on it.")]
    public int Databases { get; }

    public string Version { get; }

    [Description("Why its journal can't be written; null while it can.")]
    public string? JournalError { get; }

    [Description("The newest look for databases; null before the first.")]
    public DiscoveryItem? Discovery { get; }
}

using System.ComponentModel;
using System.Text.Json.Serialization;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Gathering;

namespace DuckMesh.Node.Http.Items;

[Description("A running DuckMesh process.")]
public sealed record NodeItem
{
    /// <summary>As another node wrote it.</summary>
    [JsonConstructor]
    internal NodeItem()
    {
    }

    internal NodeItem(ThisNode node, NodeStatus status, int databases)
    {
        Address = node.Name;
        Http = node.Http;
        Host = node.Host;
        State = status.MemberUp ? "up" : "joining";
        Cells = status.Cells;
        Databases = databases;
        Version = ThisNode.Version;
        JournalError = status.JournalError;
        Discovery = status.Discovery is { } report ? new DiscoveryItem(report) : null;
    }

    /// <summary>A node that did not answer: what the cluster knows of it.</summary>
    internal NodeItem(NodeName node)
    {
        Address = node.Address;
        Host = node.Host;
        State = "unreachable";
    }

    [Description("In the cluster.")]
    public string Address { get; init; } = "";

    [Description("The host whose files it sees.")]
    public string Host { get; init; } = "";

    [Description("Where its HTTP listens; null when that is not known.")]
    public string? Http { get; init; }

    [Description("up, joining, or unreachable.")]
    public string State { get; init; } = "";

    [Description("Buckets of databases that run on it.")]
    public int? Cells { get; init; }

    [Description("Databases whose supervisor runs on it.")]
    public int? Databases { get; init; }

    public string? Version { get; init; }

    [Description("Why its journal can't be written; null while it can.")]
    public string? JournalError { get; init; }

    [Description("The newest look for databases; null before the first.")]
    public DiscoveryItem? Discovery { get; init; }
}

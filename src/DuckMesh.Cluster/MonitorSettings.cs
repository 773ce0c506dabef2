using System.Collections.Immutable;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Hosting;

namespace DuckMesh.Cluster;

/// <summary>What a node is told by its configuration, validated; the defaults are the contract's (section 7).</summary>
public sealed record MonitorSettings
{
    /// <summary>Label <c>host</c>: no colon, slash or blank.</summary>
    public required string Host { get; init; }

    /// <summary>Absolute path of the node's own folder: journal, names, lock file.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The folder that holds the actor system's HOCON files.</summary>
    public required string HoconFolder { get; init; }

    /// <summary>Host and port of the node's HTTP, which other nodes and <c>/sd</c> name; null: it has none.</summary>
    public string? HttpAddress { get; init; }

    public string ClusterName { get; init; } = "duckmesh";

    /// <summary>Connection string of the PostgreSQL database that the cluster's nodes share; null: a single node, whose journal is a file in its data folder.</summary>
    public Secret? Postgres { get; init; }

    /// <summary>Of the program, for the other nodes to know.</summary>
    public string Version { get; init; } = "0";

    /// <summary>How nodes prove to each other that they belong together; null: not at all, which is for the loopback only.</summary>
    public NodeTls? Tls { get; init; }

    public string RemoteAddress { get; init; } = "127.0.0.1";

    /// <summary>Akka.Remote's port; 0: any free one.</summary>
    public int RemotePort { get; init; } = 4053;

    public bool Discover { get; init; } = true;

    public ImmutableArray<string> Watch { get; init; } = [];

    public ImmutableArray<string> Exclude { get; init; } = [];

    public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ExpectAfter { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(1);

    public RuleSet Rules { get; init; } = RuleSet.BuiltIn;
}

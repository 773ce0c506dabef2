using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Http.Items;

[Description("What a look for databases found, and where it could not look.")]
public sealed record DiscoveryItem
{
    /// <summary>As another node wrote it.</summary>
    [JsonConstructor]
    internal DiscoveryItem()
    {
    }

    internal DiscoveryItem(DiscoveryReport report)
    {
        Present = report.Present;
        Locks = report.Locks;
        BlindSpots = [.. report.BlindSpots.Take(Most).Select(b => new BlindSpotItem(b.Pid, b.Command, b.Locks, b.Reason))];
        MoreBlindSpots = Math.Max(0, report.BlindSpots.Length - Most);
        Warnings = report.Warnings;
    }

    /// <summary>On a host where nothing may be looked into every process is one; a person reads the first few.</summary>
    private const int Most = 100;

    [Description("Databases that are there.")]
    public int Present { get; init; }

    [Description("Entries of the host's lock table.")]
    public int Locks { get; init; }

    [Description("Processes that hold locks which could be a database's and that this node may not look into.")]
    public ImmutableArray<BlindSpotItem> BlindSpots { get; init; } = [];

    [Description("Blind spots that are not listed.")]
    public int MoreBlindSpots { get; init; }

    public ImmutableArray<string> Warnings { get; init; } = [];
}

using System.Collections.Immutable;

namespace DuckMesh.Observation.Discovery;

/// <param name="Host">The label <c>host</c> and the first part of each database id.</param>
public sealed record DiscoveryOptions(string Host)
{
    /// <summary>Find the files that processes of this host hold.</summary>
    public bool Locks { get; init; } = true;

    /// <summary>Globs of further files; one without a wildcard names an expected database.</summary>
    public ImmutableArray<string> Watch { get; init; } = [];

    /// <summary>Globs never to look at.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Configured names by path.</summary>
    public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Where the names given so far are kept, so that a database keeps its label over restarts; null: only in memory.</summary>
    public string? NamesFile { get; init; }
}

using System.Collections.Immutable;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>What one pass of discovery changed.</summary>
/// <param name="Appeared">Databases that are new, or are there again after they were gone, or whose name or configuration changed.</param>
/// <param name="Present">How many databases are there now.</param>
/// <param name="BlindSpots">All that are there now, not only new ones.</param>
/// <param name="Warnings">One line each: a folder that could not be read or listed in time, a watch that matches too much.</param>
/// <param name="Locks">How many entries the lock table had.</param>
/// <param name="Looked">How many of them had to be looked up because they were new.</param>
public sealed record DiscoveryReport(
    ImmutableArray<Sighting> Appeared,
    int Present,
    ImmutableArray<BlindSpot> BlindSpots,
    ImmutableArray<string> Warnings,
    int Locks,
    int Looked);

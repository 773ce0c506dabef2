namespace DuckMesh.Observation.Discovery;

/// <summary>Something that looks like a database but that this node may not look into: said, so that nobody takes silence for health.</summary>
/// <param name="Pid">The process that holds locks which could be a database's.</param>
/// <param name="Locks">How many such locks it holds.</param>
/// <param name="Reason">What forbids the look, and what to try.</param>
public sealed record BlindSpot(int Pid, string? Command, int Locks, string Reason);

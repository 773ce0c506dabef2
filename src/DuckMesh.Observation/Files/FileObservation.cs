using DuckMesh.Model.Readings;

namespace DuckMesh.Observation.Files;

/// <summary>What a <see cref="FileProbe"/> saw of a database's files at one instant.</summary>
/// <param name="Reason">Why the file is absent or unreadable, or which part of a present one could not be read, and what to try; or null.</param>
public sealed record FileObservation(Presence Presence, string? Reason)
{
    public FileReading? File { get; init; }

    public WalReading? Wal { get; init; }

    public long? TempBytes { get; init; }
}

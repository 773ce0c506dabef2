using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Readings;

/// <summary>The database file: sizes by <c>fstat</c>, the rest from its header pages.</summary>
public sealed record FileReading(FileIdentity Identity, long SizeBytes)
{
    public HeaderReading? Header { get; init; }

    /// <summary>Blocks as of the last checkpoint; null for an encrypted file or where the free list could not be followed.</summary>
    public BlockReading? Blocks { get; init; }
}

namespace DuckMesh.Model.Readings;

/// <summary>The write-ahead log beside the file. A database without one has <c>SizeBytes</c> 0 and <c>Commits</c> 0.</summary>
/// <param name="Commits">Durable commits (FLUSH records) since the last checkpoint; null when they can't be counted (encrypted, damaged, not read to its end yet).</param>
public sealed record WalReading(long SizeBytes, long? Commits)
{
    /// <summary>The log ends in an incomplete frame: normal for a moment while its owner writes, a torn tail when nobody holds the file.</summary>
    public bool TornTail { get; init; }

    /// <summary>A complete frame fails its checksum, or the log does not begin as one.</summary>
    public bool Damaged { get; init; }
}

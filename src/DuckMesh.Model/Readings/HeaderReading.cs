namespace DuckMesh.Model.Readings;

/// <summary>The three header pages (facts: offsets 0, 4096, 8192).</summary>
/// <param name="StorageVersion">The storage version number, 64 to 68 for DuckDB 1.5.6.</param>
/// <param name="CreatedBy">The DuckDB version that created the file, such as <c>v1.5.6</c>.</param>
/// <param name="Iteration">The number of checkpoints since the file was made; null for an encrypted file.</param>
/// <param name="DatabaseIdentifier">Hexadecimal; null below storage version 67, which has none.</param>
public sealed record HeaderReading(int StorageVersion, string CreatedBy, bool Encrypted, ulong? Iteration, string? DatabaseIdentifier);

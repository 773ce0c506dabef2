namespace DuckMesh.Observation.Files;

/// <summary>What the first bytes of a file turned out to be.</summary>
internal enum HeaderVerdict
{
    Valid,

    /// <summary>Shorter than the three pages.</summary>
    TooShort,

    /// <summary>No DuckDB file.</summary>
    Foreign,

    /// <summary>A page fails its checksum: caught in mid-write, or damaged.</summary>
    Torn,

    /// <summary>A storage version that we do not know.</summary>
    Unsupported,

    /// <summary>The checksums are right and a value is impossible.</summary>
    Absurd,
}

namespace DuckMesh.Observation.Files;

internal enum WalScanState
{
    /// <summary>Before the first record, which names the version.</summary>
    AtStart,

    InFrames,

    /// <summary>Encrypted, or of a version whose frames we do not know.</summary>
    Opaque,

    /// <summary>A complete frame fails its checksum, or what stands here is no record.</summary>
    Damaged,
}

namespace DuckMesh.Observation.Discovery;

internal enum FindingKind
{
    /// <summary>The process or its descriptor was gone before we looked.</summary>
    Vanished,

    /// <summary>No database.</summary>
    Other,

    /// <summary>Too short to tell, or still all zeros.</summary>
    Unfinished,

    Database,

    /// <summary>A database without a path: deleted while open.</summary>
    Deleted,
}

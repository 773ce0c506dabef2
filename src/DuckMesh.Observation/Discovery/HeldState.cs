namespace DuckMesh.Observation.Discovery;

/// <summary>What is known of the file behind a lock.</summary>
internal enum HeldState
{
    /// <summary>Its descriptor has to be searched for.</summary>
    New,

    /// <summary>A look at the file is out.</summary>
    Looking,

    /// <summary>No content yet, or not all of a header: a database may be in the making.</summary>
    Unfinished,

    Database,

    /// <summary>A database that was deleted while open.</summary>
    Deleted,

    /// <summary>Something else: a log, another program's file, what is excluded.</summary>
    Other,

    /// <summary>No descriptor of the process has it; it may be handed over just now.</summary>
    Untraced,

    /// <summary>Its process does not let us look.</summary>
    Blind,
}

namespace DuckMesh.History.Blocks;

/// <summary>What happened to a database.</summary>
public enum EventKind
{
    /// <summary>A supervisor watches it from now on.</summary>
    Discovered,

    /// <summary>It was gone for so long that nobody watches it any more.</summary>
    Forgotten,

    /// <summary>Its file is not there any more.</summary>
    Gone,

    /// <summary>Its file is there again.</summary>
    Back,

    /// <summary>A process opened it.</summary>
    Owned,

    /// <summary>No process holds it any more.</summary>
    Released,

    /// <summary>An alert's episode changed its state.</summary>
    Transition,
}

namespace DuckMesh.History;

/// <summary>Why a store failed, which decides what the writer does next.</summary>
public enum HistoryFault
{
    /// <summary>Not reachable, overloaded, out of disk: the same block may be sent again, later.</summary>
    Unavailable,

    /// <summary>Wrong password or no permission: an operator must act; it is tried again once a minute.</summary>
    Refused,

    /// <summary>A table or column is missing: the migration is run once more, then the block sent again.</summary>
    Schema,

    /// <summary>This block can never be stored; it is set aside, and the next one is sent.</summary>
    Poison,

    /// <summary>A newer version of DuckMesh has written this store: nothing may be written.</summary>
    Newer,

    /// <summary>The range has more points than the reader allows: a wider step, a shorter time or fewer series has fewer.</summary>
    TooMany,
}

namespace DuckMesh.Model.Databases;

/// <summary>What a database is like, seen from outside.</summary>
public enum DatabaseState
{
    /// <summary>Discovered, and no reading has come in yet.</summary>
    Unknown,

    /// <summary>The file is there and a process holds it.</summary>
    Up,

    /// <summary>The file is there and no process of this host holds it.</summary>
    Unowned,

    /// <summary>The file is seen, but its content can't be read or is not what DuckDB writes; the reason says which.</summary>
    Unreadable,

    /// <summary>Expected, and not observed for two intervals.</summary>
    Down,

    /// <summary>Not expected, and gone.</summary>
    Lost,
}

namespace DuckMesh.Model.Readings;

public enum Presence
{
    /// <summary>The file is there and was read.</summary>
    Present,

    /// <summary>There is no file at the path.</summary>
    Absent,

    /// <summary>A file is there but it can't be read, or what it holds is no database that we understand.</summary>
    Unreadable,
}

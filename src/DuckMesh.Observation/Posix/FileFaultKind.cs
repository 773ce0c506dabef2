namespace DuckMesh.Observation.Posix;

internal enum FileFaultKind
{
    None,
    Absent,
    Denied,
    NotRegular,

    /// <summary>This process has it open as a database: see <see cref="Files.OwnDatabases"/>.</summary>
    Own,

    /// <summary>The path meant another file when it was opened than when it was asked for.</summary>
    Replaced,
    Failed,
}

namespace DuckMesh.Observation.Posix;

/// <summary>The file type bits of <c>st_mode</c>.</summary>
internal enum FileKind
{
    None = 0,
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Folder = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xa000,
    Socket = 0xc000,
}

using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>Calls that only these tests need.</summary>
internal static partial class Native
{
    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFifo(string path, uint mode);

    /// <summary>Whose rights the calling thread has on files; from root to another it also loses the right to pass over permissions, until it is root again.</summary>
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    public static partial int SetFileUser(uint user);

    /// <summary>Paths as bytes, each ended by a zero.</summary>
    [LibraryImport("libc", EntryPoint = "rename")]
    public static partial int Rename(byte[] from, byte[] to);

    [LibraryImport("libc", EntryPoint = "link")]
    public static partial int Link(byte[] from, byte[] to);

    [LibraryImport("libc", EntryPoint = "symlink")]
    public static partial int SymbolicLink(byte[] target, byte[] link);

    [LibraryImport("libc", EntryPoint = "unlink")]
    public static partial int Unlink(byte[] path);
}

using System.Runtime.InteropServices;

namespace DuckMesh.History.Spool;

/// <summary>A folder as a thing on a disk.</summary>
internal static partial class Folder
{
    private const int ReadOnly = 0x80000;   // O_RDONLY | O_CLOEXEC

    /// <summary>Waits until the disk has the folder's entries: a new file whose name is lost in a power cut is lost.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Flush(string path)
    {
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0) throw new IOException($"the folder {path} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        var failed = Sync(descriptor) != 0;
        var message = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (failed) throw new IOException($"the folder {path} can't be flushed: {message}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Posix;

/// <summary>Why a file could not be looked into. The default value: nothing is wrong.</summary>
/// <param name="Error">The errno, where a call failed.</param>
/// <param name="File">What the path is, where it is no regular file.</param>
internal readonly record struct FileFault(FileFaultKind Kind, int Error = 0, FileKind File = FileKind.None)
{
    public static FileFault OfError(int error) => error switch
    {
        0 => default,
        Libc.ENOENT or Libc.ENOTDIR => new(FileFaultKind.Absent, error),
        Libc.EACCES or Libc.EPERM => new(FileFaultKind.Denied, error),
        _ => new(FileFaultKind.Failed, error),
    };

    /// <summary>One line for people, its subject left out: the reader knows which file it is about.</summary>
    public string Describe() => Kind switch
    {
        FileFaultKind.None => "can be read",
        FileFaultKind.Absent => "is not there: it was deleted or moved, or has not been made yet",
        FileFaultKind.Denied => "cannot be read: permission denied; run the node as its user or give it CAP_DAC_READ_SEARCH",
        FileFaultKind.NotRegular => $"is {Name(File)}, not a regular file: it was not opened",
        FileFaultKind.Own => "is open as a database in this very process: its content is not read, because closing it again would drop the lock on it",
        FileFaultKind.Replaced => "was replaced while it was being opened: it will be looked at again",
        _ => string.Create(CultureInfo.InvariantCulture, $"cannot be read: {Marshal.GetPInvokeErrorMessage(Error)} (error {Error}); look at its disk or mount"),
    };

    private static string Name(FileKind kind) => kind switch
    {
        FileKind.Fifo => "a FIFO",
        FileKind.CharacterDevice or FileKind.BlockDevice => "a device",
        FileKind.Folder => "a folder",
        FileKind.Socket => "a socket",
        FileKind.SymbolicLink => "a symbolic link",
        _ => "of an unknown kind",
    };
}

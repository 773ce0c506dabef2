using System.Runtime.InteropServices;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>The folder <c>&lt;file&gt;.tmp</c> into which a database spills what does not fit into memory.</summary>
internal static unsafe class TempFolder
{
    /// <summary>DuckDB keeps a few files there, of gigabytes each if need be. More entries than this are not its own, and asking for each size would cost too much.</summary>
    public const int MaxEntries = 1000;

    private const int NameOffset = 19;      // struct dirent: u64 inode, i64 offset, u16 length, u8 type, name

    /// <summary>The sizes of its regular files in bytes; 0 when there is no such folder; null when it can't be read or has too many entries.</summary>
    public static long? SizeBytes(ReadOnlySpan<byte> zeroEndedPath)
    {
        var status = FileStatus.Of(zeroEndedPath, follow: true, out var error);
        if (FileFault.OfError(error).Kind == FileFaultKind.Absent) return 0;
        if (error != 0) return null;
        if (status.Kind != FileKind.Folder) return 0;
        fixed (byte* path = zeroEndedPath)
        {
            var folder = Libc.OpenFolder(path);
            if (folder == 0) return FileFault.OfError(Marshal.GetLastPInvokeError()).Kind == FileFaultKind.Absent ? 0 : null;
            try
            {
                return Sum(folder);
            }
            finally
            {
                _ = Libc.CloseFolder(folder);
            }
        }
    }

    private static long? Sum(nint folder)
    {
        var descriptor = Libc.FolderDescriptor(folder);
        long sum = 0;
        for (var entries = 0; entries <= MaxEntries + 2; entries++)     // . and .. come too
        {
            var entry = Libc.ReadFolder(folder);
            if (entry == null) return Marshal.GetLastPInvokeError() == 0 ? sum : null;
            var status = FileStatus.In(descriptor, entry + NameOffset, out var error);
            if (error == 0 && status.Kind == FileKind.Regular) sum += status.SizeBytes;
            else if (error is not (0 or Libc.ENOENT)) return null;
        }

        return null;
    }
}

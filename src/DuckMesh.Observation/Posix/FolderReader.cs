using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Posix;

/// <summary>Reads a folder entry by entry, names as the bytes they are. However large the folder, only one entry is kept. Not thread-safe.</summary>
internal sealed unsafe class FolderReader : IDisposable
{
    private const int TypeOffset = 18;   // struct dirent: u64 inode, i64 offset, u16 length, u8 type, name
    private const int NameOffset = 19;

    private nint _folder;

    private FolderReader(nint folder) => _folder = folder;

    /// <summary>Null, and the errno, when the folder can't be read.</summary>
    public static FolderReader? Open(ReadOnlySpan<byte> zeroEndedPath, out int error)
    {
        fixed (byte* path = zeroEndedPath)
        {
            var folder = Libc.OpenFolder(path);
            error = folder == 0 ? Marshal.GetLastPInvokeError() : 0;
            return folder == 0 ? null : new FolderReader(folder);
        }
    }

    /// <summary>The next entry but <c>.</c> and <c>..</c>; false at the end, or with an errno where the folder could not be read on.</summary>
    /// <param name="name">Valid until the next call.</param>
    /// <param name="kind"><see cref="FileKind.None"/> where the file system does not tell.</param>
    public bool Next(out ReadOnlySpan<byte> name, out FileKind kind, out int error)
    {
        while (true)
        {
            var entry = Libc.ReadFolder(_folder);
            if (entry == null)
            {
                error = Marshal.GetLastPInvokeError();
                name = [];
                kind = FileKind.None;
                return false;
            }

            error = 0;
            name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset);
            kind = (FileKind)(entry[TypeOffset] << 12);   // DT_* are the type bits of st_mode
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) return true;
        }
    }

    public void Dispose()
    {
        if (_folder != 0) _ = Libc.CloseFolder(_folder);
        _folder = 0;
    }
}

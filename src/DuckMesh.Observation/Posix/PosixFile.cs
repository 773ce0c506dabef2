using System.Runtime.InteropServices;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Posix;

/// <summary>
/// A regular file open for reading in the one way that cannot harm its owner: no lock, no access time, no wait, and never what this process itself has open
/// as a database. Close it soon: a descriptor keeps the space of a deleted file.
/// </summary>
internal readonly struct PosixFile : IDisposable
{
    private const int Flags = Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec;

    private readonly int _descriptor;

    private PosixFile(int descriptor, FileStatus status)
    {
        _descriptor = descriptor;
        Status = status;
    }

    /// <summary>As of the opening.</summary>
    public FileStatus Status { get; }

    /// <param name="zeroEndedPath">The bytes of the path and a zero.</param>
    /// <param name="expected">What <c>stat</c> said of the path a moment ago: opening a FIFO could block for ever, and a device may act on it.</param>
    public static FileFault Open(ReadOnlySpan<byte> zeroEndedPath, FileStatus expected, OwnDatabases own, out PosixFile file)
    {
        file = default;
        if (expected.Kind != FileKind.Regular) return new FileFault(FileFaultKind.NotRegular, File: expected.Kind);
        if (own.Contains(expected.Identity)) return new FileFault(FileFaultKind.Own);

        // O_NOATIME is refused for files of other users.
        var error = OpenDescriptor(zeroEndedPath, Flags | Libc.NoAccessTime, out var descriptor);
        if (error == Libc.EPERM) error = OpenDescriptor(zeroEndedPath, Flags, out descriptor);
        if (error != 0) return FileFault.OfError(error);

        var status = FileStatus.Of(descriptor, out error);
        if (error == 0 && status.Kind == FileKind.Regular && status.Identity == expected.Identity)
        {
            file = new PosixFile(descriptor, status);
            return default;
        }

        // The path has come to mean another file. Were it one of our own databases, closing would drop our lock on it: a descriptor lost for good is the lesser harm.
        if (error != 0 || !own.Contains(status.Identity)) _ = Libc.Close(descriptor);
        return error != 0 ? FileFault.OfError(error) : new FileFault(FileFaultKind.Replaced);
    }

    /// <summary>Fills as much of <paramref name="buffer"/> as the file has from <paramref name="offset"/>; less at its end, -1 when the read failed.</summary>
    public unsafe int Read(Span<byte> buffer, long offset, out int error)
    {
        error = 0;
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var count = Libc.ReadAt(_descriptor, start + done, buffer.Length - done, offset + done);
                if (count == 0) break;
                if (count < 0)
                {
                    error = Marshal.GetLastPInvokeError();
                    if (error == Libc.EINTR) continue;
                    return -1;
                }

                done += (int)count;
            }
        }

        error = 0;
        return done;
    }

    /// <summary>What the file is like now; its size may have changed since it was opened.</summary>
    public FileStatus Refresh(out int error) => FileStatus.Of(_descriptor, out error);

    public void Dispose() => _ = Libc.Close(_descriptor);

    private static unsafe int OpenDescriptor(ReadOnlySpan<byte> path, int flags, out int descriptor)
    {
        fixed (byte* start = path)
        {
            while (true)
            {
                descriptor = Libc.Open(start, flags, 0);
                if (descriptor >= 0) return 0;
                var error = Marshal.GetLastPInvokeError();
                if (error != Libc.EINTR) return error;
            }
        }
    }
}

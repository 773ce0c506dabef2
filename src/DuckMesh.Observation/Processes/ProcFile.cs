using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Processes;

/// <summary>
/// Files that the kernel makes up while they are read (<c>/proc</c>, <c>/sys</c>): they have no size, and nobody's lock can be lost on them.
/// Paths given as text have one character per byte (Latin-1), so that every path of the kernel comes back as it was.
/// </summary>
internal static unsafe class ProcFile
{
    /// <summary>Room for the path of a file of a process.</summary>
    public const int PathBytes = 512;

    private const int Flags = Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec;

    /// <summary>Writes <c>root/pid/name</c> and a zero without allocating; empty when the root is too long.</summary>
    public static ReadOnlySpan<byte> PathOf(string root, int pid, string name, Span<byte> buffer) =>
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{root}/{pid}/{name}\0", out var length) ? buffer[..length] : "\0"u8;

    public static byte[] ZeroEnded(string path)
    {
        var bytes = new byte[path.Length + 1];
        Encoding.Latin1.GetBytes(path, bytes);
        return bytes;
    }

    /// <summary>Fills as much of <paramref name="buffer"/> as the file has; -1 and the errno when it can't be opened or read.</summary>
    public static int Read(ReadOnlySpan<byte> zeroEndedPath, Span<byte> buffer, out int error)
    {
        var descriptor = Open(zeroEndedPath, out error);
        if (descriptor < 0) return -1;
        var length = Fill(descriptor, buffer, 0, out error);
        _ = Libc.Close(descriptor);
        return length;
    }

    /// <summary>The file, or its first <paramref name="max"/> bytes; null and the errno when it can't be read.</summary>
    public static byte[]? ReadBytes(string path, int max, out int error)
    {
        var descriptor = Open(ZeroEnded(path), out error);
        if (descriptor < 0) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(max, 16 << 10));
        var length = 0;
        while (true)
        {
            var count = Fill(descriptor, buffer.AsSpan(length), length, out error);
            if (count < 0) break;
            length += count;
            if (length < buffer.Length || length >= max) break;
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        _ = Libc.Close(descriptor);
        var bytes = error != 0 ? null : buffer.AsSpan(0, Math.Min(length, max)).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }

    /// <summary>As <see cref="ReadBytes"/>, one character per byte.</summary>
    public static string? ReadText(string path, int max, out int error) => ReadBytes(path, max, out error) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;

    /// <summary>The target of a symbolic link; -1 when there is none to be had or it does not fit.</summary>
    public static int ReadLink(ReadOnlySpan<byte> zeroEndedPath, Span<byte> target)
    {
        fixed (byte* path = zeroEndedPath, start = target)
        {
            var length = (int)Libc.ReadLink(path, start, target.Length);
            return length < target.Length ? length : -1;
        }
    }

    private static int Open(ReadOnlySpan<byte> zeroEndedPath, out int error)
    {
        fixed (byte* path = zeroEndedPath)
        {
            while (true)
            {
                var descriptor = Libc.Open(path, Flags, 0);
                error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (error != Libc.EINTR) return descriptor;
            }
        }
    }

    // The kernel gives a page at a time, so a short read is not the end.
    private static int Fill(int descriptor, Span<byte> buffer, long offset, out int error)
    {
        error = 0;
        var done = 0;
        fixed (byte* start = buffer)
        {
            while (done < buffer.Length)
            {
                var count = Libc.ReadAt(descriptor, start + done, buffer.Length - done, offset + done);
                if (count == 0) break;
                if (count > 0)
                {
                    done += (int)count;
                    continue;
                }

                error = Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR) continue;
                return -1;
            }
        }

        error = 0;
        return done;
    }
}

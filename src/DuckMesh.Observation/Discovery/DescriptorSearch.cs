using System.Buffers.Text;
using System.Globalization;
using DuckMesh.Observation.Posix;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Finds the descriptors through which a process holds locks. Touches <c>/proc</c> alone, so no file system can hold it up: the link says what is no file, and
/// <c>fdinfo</c> shows the very lock that the lock table has, in the same numbers. Not thread-safe.
/// </summary>
internal sealed class DescriptorSearch(ProcFolder proc)
{
    private const int LongestPath = 4096;   // PATH_MAX

    private const int MaxInfo = 1 << 20;

    private readonly byte[] _link = new byte[LongestPath + 1];
    private byte[] _info = new byte[16 << 10];

    /// <summary>Searches one process and ends when all are found. Those that were found leave <paramref name="wanted"/>.</summary>
    /// <returns>0, or the errno with which the process refused: ENOENT when it has ended.</returns>
    public int Find(int pid, Dictionary<LockKey, Held> wanted, Action<Held, byte[]> found)
    {
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        using var folder = FolderReader.Open(proc.Write(path, pid, "fd"), out var error);
        if (folder is null) return error;
        while (wanted.Count > 0 && folder.Next(out var name, out _, out error))
        {
            if (!Utf8Parser.TryParse(name, out int descriptor, out _)) continue;
            var length = ProcFile.ReadLink(proc.Write(path, pid, "fd", descriptor), _link);
            if (length <= 0 || _link[0] != '/') continue;   // a socket, a pipe, an epoll
            if (!TryFindLock(pid, descriptor, wanted, out var held)) continue;
            wanted.Remove(held.Key);
            held.Descriptor = descriptor;
            found(held, _link.AsSpan(0, length).ToArray());
        }

        return error;
    }

    /// <summary>Does the descriptor still mean the file that it did? One system call, to <c>/proc</c> alone.</summary>
    /// <param name="link">What it says. Valid until the next call.</param>
    public bool Verify(Held held, out ReadOnlySpan<byte> link)
    {
        link = [];
        if (held.Descriptor < 0) return false;
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        var length = ProcFile.ReadLink(proc.Write(path, held.Key.Pid, "fd", held.Descriptor), _link);
        if (length <= 0) return false;
        link = _link.AsSpan(0, length);
        return Held.Hash(link) == held.LinkHash;
    }

    /// <summary>Does the descriptor through which the lock was found still have it? Unlike the lock table, what it says is all of one moment.</summary>
    public bool IsHeld(Held held)
    {
        if (held.Descriptor < 0) return false;
        var info = ReadInfo(held.Key.Pid, held.Descriptor);
        foreach (var range in info.Split((byte)'\n'))
        {
            if (TryParse(info[range], held.Key.Pid, out var key) && key == held.Key) return true;
        }

        return false;
    }

    private bool TryFindLock(int pid, int descriptor, Dictionary<LockKey, Held> wanted, out Held held)
    {
        held = null!;
        var info = ReadInfo(pid, descriptor);
        foreach (var range in info.Split((byte)'\n'))
        {
            if (TryParse(info[range], pid, out var key) && wanted.TryGetValue(key, out held!)) return true;
        }

        return false;
    }

    // lock:	1: POSIX  ADVISORY  WRITE 4711 fe:00:11690133 0 EOF
    private static bool TryParse(ReadOnlySpan<byte> line, int pid, out LockKey key)
    {
        key = default;
        if (!line.StartsWith("lock:\t"u8) || !LockTable.TryParse(line[6..], out var seen)) return false;
        key = seen.Key with { Pid = pid };
        return true;
    }

    private ReadOnlySpan<byte> ReadInfo(int pid, int descriptor)
    {
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        var length = ProcFile.Read(proc.Write(path, pid, "fdinfo", descriptor), _info, out _);
        if (length == _info.Length)
        {
            // A file with hundreds of locks.
            _info = ProcFile.ReadBytes(proc.PathOf(pid, string.Create(CultureInfo.InvariantCulture, $"fdinfo/{descriptor}")), MaxInfo, out _) ?? _info;
            length = _info.Length;
        }

        return length <= 0 ? [] : _info.AsSpan(0, length);
    }
}

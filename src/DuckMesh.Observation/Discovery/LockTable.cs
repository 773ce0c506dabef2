using System.Buffers.Text;
using DuckMesh.Observation.Posix;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Reads <c>/proc/locks</c> (format: man 5 proc_locks). Of its entries only those can be a database's that are POSIX locks on a whole file, <c>0 EOF</c>:
/// SQLite and others lock ranges. The kernel gives a page per read and may skip an entry when others end between two reads, so an entry that is missing
/// once may still be there.
/// </summary>
internal sealed class LockTable(string path)
{
    /// <summary>A million locks; a kernel that says more is not believed.</summary>
    private const int MaxBytes = 64 << 20;

    private readonly byte[] _path = ProcFile.ZeroEnded(path);
    private byte[] _buffer = new byte[64 << 10];

    /// <summary>Adds the whole-file locks to <paramref name="locks"/>. Returns how many entries there were of any kind, or -1 and the errno.</summary>
    public int Read(List<HeldLock> locks, out int error)
    {
        var length = ProcFile.Read(_path, _buffer, out error);
        while (length == _buffer.Length && length < MaxBytes)
        {
            _buffer = new byte[length * 2];
            length = ProcFile.Read(_path, _buffer, out error);
        }

        return length < 0 ? -1 : Parse(_buffer.AsSpan(0, length), locks);
    }

    public static int Parse(ReadOnlySpan<byte> table, List<HeldLock> locks)
    {
        var entries = 0;
        while (!table.IsEmpty)
        {
            var end = table.IndexOf((byte)'\n');
            var line = end < 0 ? table : table[..end];
            table = end < 0 ? [] : table[(end + 1)..];
            if (line.IsEmpty) continue;
            entries++;
            if (TryParse(line, out var held)) locks.Add(held);
        }

        return entries;
    }

    // 4: POSIX  ADVISORY  WRITE 4711 fe:00:11690133 0 EOF
    // One who waits has "->" after the number; an OFD lock has no process; a process of a namespace that we can't see has none or 0.
    public static bool TryParse(ReadOnlySpan<byte> line, out HeldLock held)
    {
        held = default;
        Field(ref line);
        if (!Field(ref line).SequenceEqual("POSIX"u8)) return false;
        Field(ref line);
        var mode = Field(ref line);
        var readOnly = mode.SequenceEqual("READ"u8);
        if (!readOnly && !mode.SequenceEqual("WRITE"u8)) return false;
        if (!Number(Field(ref line), 'D', out var pid) || pid is 0 or > int.MaxValue) return false;
        if (!File(Field(ref line), out var device, out var inode)) return false;
        if (!Field(ref line).SequenceEqual("0"u8) || !Field(ref line).SequenceEqual("EOF"u8)) return false;
        held = new HeldLock((int)pid, device, inode, readOnly);
        return true;
    }

    private static bool File(ReadOnlySpan<byte> text, out ulong device, out ulong inode)
    {
        (device, inode) = (0, 0);
        var first = text.IndexOf((byte)':');
        var second = text.LastIndexOf((byte)':');
        if (first < 0 || second == first) return false;
        if (!Number(text[..first], 'x', out var major) || !Number(text[(first + 1)..second], 'x', out var minor) || !Number(text[(second + 1)..], 'D', out inode)) return false;
        if (major > uint.MaxValue || minor > uint.MaxValue) return false;
        device = FileStatus.DeviceNumber((uint)major, (uint)minor);
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> text, char format, out ulong number) => Utf8Parser.TryParse(text, out number, out var used, format) && used == text.Length;

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        var end = line.IndexOf((byte)' ');
        var field = end < 0 ? line : line[..end];
        line = end < 0 ? [] : line[end..];
        return field;
    }
}

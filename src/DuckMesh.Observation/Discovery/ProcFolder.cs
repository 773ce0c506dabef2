using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Discovery;

/// <summary>Paths under <c>/proc</c>, written without allocation, and what discovery reads there. The root is another one in tests only.</summary>
internal sealed class ProcFolder(string root = "/proc")
{
    private const int StatBytes = 1024;

    public string Root => root;

    public string PathOf(int pid, string entry) => string.Create(CultureInfo.InvariantCulture, $"{root}/{pid}/{entry}");

    /// <param name="buffer">Of <see cref="ProcFile.PathBytes"/> bytes.</param>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, int pid, string entry) => ProcFile.PathOf(root, pid, entry, buffer);

    public ReadOnlySpan<byte> Write(Span<byte> buffer, int pid, string entry, int number) =>
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{root}/{pid}/{entry}/{number}\0", out var length) ? buffer[..length] : "\0"u8;

    /// <summary>The name that the kernel keeps for a process, 15 bytes at most; null when it is gone.</summary>
    public string? Command(int pid) => ProcFile.ReadBytes(PathOf(pid, "comm"), StatBytes, out _) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    /// <summary>The inode of the process's mount namespace; 0 when it can't be had.</summary>
    public ulong MountNamespace(int pid)
    {
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        Span<byte> link = stackalloc byte[64];
        var length = ProcFile.ReadLink(Write(path, pid, "ns/mnt"), link);
        if (length < 0) return 0;
        var digits = Encoding.ASCII.GetString(link[..length]).AsSpan().TrimStart("mnt:[").TrimEnd(']');   // mnt:[4026531841]
        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var inode) ? inode : 0;
    }

    /// <summary>When the process started, in clock ticks since the host did; 0 when it is gone.</summary>
    public ulong StartTicks(int pid)
    {
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        Span<byte> text = stackalloc byte[StatBytes];
        var length = ProcFile.Read(Write(path, pid, "stat"), text, out _);
        return length > 0 && ProcessStat.TryParse(text[..length], out var stat) ? stat.StartTicks : 0;
    }
}

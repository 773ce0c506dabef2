using System.Runtime.InteropServices;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Posix;

/// <summary>What <c>stat</c> says of a path or an open descriptor.</summary>
/// <param name="Links">0 for a file that was deleted while open.</param>
internal readonly record struct FileStatus(FileIdentity Identity, FileKind Kind, long SizeBytes, long ModifiedNanoseconds, uint Links)
{
    private const uint Mask = 0x7ff | 0x800;   // STATX_BASIC_STATS | STATX_BTIME
    private const int EmptyPath = 0x1000;      // AT_EMPTY_PATH

    /// <summary>The last change of content or attributes: unlike the time of modification nobody can set it back.</summary>
    public long ChangedNanoseconds { get; init; }

    /// <summary>When the file was made; 0 where the file system does not keep it. Tells a new file from an old one whose inode it got.</summary>
    public long BornNanoseconds { get; init; }

    /// <summary>Of a path; symbolic links are followed unless told otherwise. <paramref name="error"/> is the errno, 0 when all went well.</summary>
    public static unsafe FileStatus Of(ReadOnlySpan<byte> zeroEndedPath, bool follow, out int error)
    {
        fixed (byte* path = zeroEndedPath)
        {
            return Ask(Libc.CurrentFolder, path, follow ? 0 : Libc.NoFollow, out error);
        }
    }

    public static unsafe FileStatus Of(int descriptor, out int error)
    {
        byte empty = 0;
        return Ask(descriptor, &empty, EmptyPath, out error);
    }

    /// <summary>Of an entry of an open folder, given by its zero-ended name; symbolic links are not followed.</summary>
    public static unsafe FileStatus In(int folder, byte* name, out int error) => Ask(folder, name, Libc.NoFollow, out error);

    private static unsafe FileStatus Ask(int folder, byte* path, int flags, out int error)
    {
        Libc.StatxBuffer s;
        if (Libc.Statx(folder, path, flags, Mask, &s) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            return default;
        }

        error = 0;
        return new FileStatus(
            new FileIdentity(DeviceNumber(s.DeviceMajor, s.DeviceMinor), s.Inode),
            (FileKind)(s.Mode & 0xf000),
            (long)s.Size,
            Nanoseconds(s.Modified),
            s.Links)
        {
            ChangedNanoseconds = Nanoseconds(s.Changed),
            BornNanoseconds = Nanoseconds(s.Born),
        };
    }

    private static long Nanoseconds(Libc.StatxTime time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;

    /// <summary>One number for major and minor, so that <c>/proc/locks</c> (hexadecimal major:minor), the mount table and <c>stat</c> compare equal.</summary>
    public static ulong DeviceNumber(uint major, uint minor) => ((ulong)major << 32) | minor;
}

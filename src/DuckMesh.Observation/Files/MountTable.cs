using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>
/// The mounts of one mount namespace at one instant, from <c>/proc/&lt;pid&gt;/mountinfo</c> (format: man 5 proc_pid_mountinfo). Immutable.
/// Tells what file system a path is on without touching that file system, which may hang.
/// </summary>
public sealed class MountTable
{
    public static readonly MountTable Empty = new([]);

    /// <summary>
    /// File systems whose files other hosts can reach too. Those that a hypervisor or desktop shares with its guest count: the other side's locks can't be seen either.
    /// </summary>
    private static readonly FrozenSet<string> NetworkTypes = new[]
    {
        "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs",
        "panfs", "prl_fs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs", "wekafs",
        "fuse.ceph", "fuse.ceph-fuse", "fuse.cephfs", "fuse.davfs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.grpcfuse", "fuse.juicefs", "fuse.JuiceFS", "fuse.mfs",
        "fuse.moosefs", "fuse.osxfs", "fuse.rclone", "fuse.s3fs", "fuse.seaweedfs", "fuse.sshfs", "fuse.vmhgfs-fuse",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Pseudo file systems: the kernel makes up what is in them.</summary>
    private static readonly FrozenSet<string> PseudoTypes = new[]
    {
        "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "efivarfs", "fusectl", "mqueue", "nsfs", "proc", "pstore", "rpc_pipefs", "securityfs",
        "selinuxfs", "sysfs", "tracefs",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<ulong, Mount> _byDevice;
    private readonly FrozenDictionary<string, Mount>.AlternateLookup<ReadOnlySpan<char>> _byPoint;

    private MountTable(List<Mount> mounts)
    {
        var devices = new Dictionary<ulong, Mount>(mounts.Count);
        var points = new Dictionary<string, Mount>(mounts.Count, StringComparer.Ordinal);
        foreach (var mount in mounts)
        {
            devices.TryAdd(mount.Device, mount);    // bind mounts of one device come later
            points[mount.MountPoint] = mount;       // a later mount on the same point hides the earlier
        }

        Count = mounts.Count;
        _byDevice = devices.ToFrozenDictionary();
        _byPoint = points.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count { get; }

    public static bool IsNetwork(string type) => NetworkTypes.Contains(type);

    /// <summary><c>/proc</c>, <c>/sys</c> and the like.</summary>
    public static bool IsPseudo(string type) => PseudoTypes.Contains(type);

    /// <summary>The table of this process; empty when there is no readable <c>/proc</c>.</summary>
    public static MountTable Read() => ReadFrom("/proc/self/mountinfo");

    /// <summary>The table that another process sees, which may live in another mount namespace; empty when it is gone or may not be read.</summary>
    public static MountTable Read(int pid) => ReadFrom(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/mountinfo"));

    /// <summary>Lines that are no mounts are passed over.</summary>
    public static MountTable Parse(ReadOnlySpan<byte> mountInfo)
    {
        var mounts = new List<Mount>();
        foreach (var range in mountInfo.Split((byte)'\n'))
        {
            if (ParseLine(mountInfo[range]) is { } mount) mounts.Add(mount);
        }

        return new MountTable(mounts);
    }

    /// <summary>The first mount of a device. Null for a device that is mounted elsewhere only, and for btrfs subvolumes, whose files have numbers of their own.</summary>
    public Mount? FindByDevice(ulong device) => _byDevice.GetValueOrDefault(device);

    /// <summary>What is mounted right there; null: nothing is.</summary>
    public Mount? FindAt(string path) => _byPoint.TryGetValue(path, out var mount) ? mount : null;

    /// <summary>The mount with the longest mount point above a path. Symbolic links are not followed.</summary>
    /// <param name="path">Absolute, as <see cref="FilePath"/> writes it.</param>
    public Mount? FindByPath(string path)
    {
        var rest = path.AsSpan();
        if (rest is not ['/', ..]) return null;
        while (true)
        {
            if (_byPoint.TryGetValue(rest.IsEmpty ? "/" : rest, out var mount)) return mount;
            if (rest.Length <= 1) return null;
            rest = rest[..rest.LastIndexOf('/')];
        }
    }

    private static MountTable ReadFrom(string file)
    {
        try
        {
            return Parse(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    // 36 35 98:0 /root /mount/point options [optional fields ...] - type source super-options
    private static Mount? ParseLine(ReadOnlySpan<byte> line)
    {
        if (!NextField(ref line, out _) || !NextField(ref line, out _) || !NextField(ref line, out var device)) return null;
        if (!NextField(ref line, out _) || !NextField(ref line, out var point)) return null;
        var colon = device.IndexOf((byte)':');
        if (colon < 0 || !TryNumber(device[..colon], out var major) || !TryNumber(device[(colon + 1)..], out var minor)) return null;
        while (NextField(ref line, out var field))
        {
            if (!field.SequenceEqual("-"u8)) continue;
            if (!NextField(ref line, out var typeBytes)) return null;
            var type = Encoding.UTF8.GetString(Unescape(typeBytes));
            return new Mount(FileStatus.DeviceNumber(major, minor), FilePath.FromBytes(Unescape(point)), type, IsNetwork(type));
        }

        return null;
    }

    private static bool NextField(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> field)
    {
        var end = line.IndexOf((byte)' ');
        field = end < 0 ? line : line[..end];
        line = end < 0 ? [] : line[(end + 1)..];
        return !field.IsEmpty;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out uint number) => Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;

    // Blank, tab, newline, backslash and # are written as \ and three octal digits.
    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\')) return text;
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) && IsOctal(text[i + 3]))
            {
                bytes[length++] = (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0'));
                i += 3;
            }
            else
            {
                bytes[length++] = text[i];
            }
        }

        return bytes.AsSpan(0, length);
    }

    private static bool IsOctal(byte b) => b is >= (byte)'0' and <= (byte)'7';
}

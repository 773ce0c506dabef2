using System.Collections.Concurrent;
using System.Globalization;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>
/// How full the file systems are. Each is asked once in a while, however many databases it holds. Thread-safe; waits as long as the file system does, and only
/// those who ask about the same one wait.
/// </summary>
public sealed class FileSystems(TimeProvider time)
{
    /// <summary>Less than the shortest probe interval anyone sets for a disk, more than a round of 10,000 databases takes.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>Mounts come and go with containers and network disks; the table of a busy host has some hundred lines.</summary>
    public static readonly TimeSpan MountTableFreshness = TimeSpan.FromSeconds(30);

    /// <summary>Devices that are no longer asked for are dropped when there are more than this: each container may bring one of its own.</summary>
    private const int MaxKept = 256;

    private const string UnknownType = "unknown";

    private readonly ConcurrentDictionary<ulong, Entry> _entries = new();
    private readonly Lock _mountsLock = new();
    private MountTable? _mounts;
    private long _mountsAt;

    /// <summary>The file system of a file, as of at most <see cref="Freshness"/> ago; null when it can't be asked.</summary>
    /// <param name="accessPath">A file on it that this process can reach, as <see cref="FilePath"/> writes it.</param>
    /// <param name="device">The file's device, as <see cref="FileIdentity.Device"/> has it.</param>
    public DiskReading? Read(string accessPath, ulong device)
    {
        var entry = _entries.GetOrAdd(device, static _ => new Entry());
        lock (entry)
        {
            if (entry.At is { } at && time.GetElapsedTime(at) < Freshness) return entry.Reading;
            var reading = Ask(accessPath, device);
            if (reading != entry.Reading) entry.Reading = reading;
            entry.At = time.GetTimestamp();
        }

        if (_entries.Count > MaxKept) Drop();
        return entry.Reading;
    }

    /// <summary>How many file systems it remembers.</summary>
    internal int Kept => _entries.Count;

    /// <summary>The mounts that this process sees, as of at most <see cref="MountTableFreshness"/> ago.</summary>
    public MountTable Mounts()
    {
        lock (_mountsLock) return _mounts is null || time.GetElapsedTime(_mountsAt) >= MountTableFreshness ? ReadMounts() : _mounts;
    }

    /// <summary>As of now: for who is not content with what <see cref="Mounts"/> says.</summary>
    internal MountTable ReadMounts()
    {
        lock (_mountsLock)
        {
            _mounts = MountTable.Read();
            _mountsAt = time.GetTimestamp();
            return _mounts;
        }
    }

    private unsafe DiskReading? Ask(string accessPath, ulong device)
    {
        if (ProbePath.Create(accessPath) is not { } path) return null;
        Libc.StatvfsBuffer s;
        fixed (byte* bytes = path.With([]))
        {
            if (Libc.Statvfs(bytes, &s) != 0) return null;
        }

        // As df counts: what is reserved for root is neither used nor free.
        var used = s.Blocks - s.BlocksFree;
        var usable = used + s.BlocksAvailable;
        if (usable == 0) return null;
        var mount = Find(accessPath, device);
        return new DiskReading(
            (long)(s.Blocks * s.FragmentSize), (long)(s.BlocksAvailable * s.FragmentSize), (double)used / usable, mount?.Type ?? UnknownType, mount?.Network ?? false);
    }

    private Mount? Find(string accessPath, ulong device)
    {
        var mounts = Mounts();
        if (mounts.FindByDevice(device) is { } mount) return mount;

        // A file that only another mount namespace sees: the process it is reached through knows the mount. The path would only lead to /proc.
        if (accessPath.StartsWith("/proc/", StringComparison.Ordinal))
        {
            var pid = accessPath.AsSpan(6);
            if (pid.IndexOf('/') is > 0 and var end) pid = pid[..end];
            return int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? MountTable.Read(number).FindByDevice(device) : null;
        }

        return mounts.FindByPath(accessPath);
    }

    private void Drop()
    {
        foreach (var (device, entry) in _entries)
        {
            if (entry.At is { } at && time.GetElapsedTime(at) >= Freshness) _entries.TryRemove(device, out _);
        }
    }

    private sealed class Entry
    {
        public DiskReading? Reading { get; set; }

        public long? At { get; set; }
    }
}

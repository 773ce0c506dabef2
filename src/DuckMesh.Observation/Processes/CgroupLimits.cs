using System.Globalization;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Processes;

/// <summary>The tightest limits of a process's cgroups and all their ancestors.</summary>
/// <param name="Cores">CPU quota / period: infinite when nothing limits it, null when that can't be known.</param>
/// <param name="MemoryBytes"><see cref="long.MaxValue"/> when nothing limits it, null when that can't be known.</param>
internal readonly record struct CgroupLimits(double? Cores, long? MemoryBytes)
{
    public static readonly CgroupLimits None = new(double.PositiveInfinity, long.MaxValue);
    public static readonly CgroupLimits Unknown;

    /// <summary>Version 1 writes "no limit" as the greatest multiple of the page size, 2^63 less a page; no host has this much memory.</summary>
    private const long Unlimited = 1L << 60;

    private const int MaxFile = 4096;

    public static CgroupLimits Read(CgroupMembership membership, CgroupMounts mounts) => new(
        Tightest(membership, mounts, "cpu", double.PositiveInfinity, static (folder, unified) => unified ? Quota2(folder) : Quota1(folder)),
        Tightest(membership, mounts, "memory", long.MaxValue, static (folder, unified) => Memory(folder, unified)));

    private static T? Tightest<T>(CgroupMembership membership, CgroupMounts mounts, string controller, T none, Func<string, bool, T?> read)
        where T : struct, IComparable<T>
    {
        // No such cgroup, or the root of them all, which has no limit, mounted or not.
        if (membership.Of(controller) is not { } cgroup || cgroup.Path == "/") return none;
        T? tightest = null;
        foreach (var folder in mounts.Folders(cgroup.Unified, controller, cgroup.Path))
        {
            if (tightest is null && FileStatus.Of(ProcFile.ZeroEnded(folder), follow: true, out _).Kind != FileKind.Folder) return null;
            if (read(folder, cgroup.Unified) is not { } limit) return null;
            if (tightest is not { } least || limit.CompareTo(least) < 0) tightest = limit;
        }

        return tightest;
    }

    // cpu.max: "quota period" or "max period", microseconds. Absent where the controller is not switched on, and in the root.
    private static double? Quota2(string folder)
    {
        if (ReadLine(folder + "/cpu.max", out var absent) is not { } text) return absent ? double.PositiveInfinity : null;
        if (text.Split(' ') is not [var quota, var period]) return null;
        return quota == "max" ? double.PositiveInfinity : Quotient(quota, period);
    }

    private static double? Quota1(string folder)
    {
        if (ReadLine(folder + "/cpu.cfs_quota_us", out var absent) is not { } quota) return absent ? double.PositiveInfinity : null;
        if (quota.StartsWith('-')) return double.PositiveInfinity;
        return ReadLine(folder + "/cpu.cfs_period_us", out _) is { } period ? Quotient(quota, period) : null;
    }

    private static double? Quotient(string quota, string period) => TryNumber(quota, out var q) && TryNumber(period, out var p) && q > 0 && p > 0 ? (double)q / p : null;

    private static long? Memory(string folder, bool unified)
    {
        if (ReadLine(folder + (unified ? "/memory.max" : "/memory.limit_in_bytes"), out var absent) is not { } text) return absent ? long.MaxValue : null;
        if (text == "max") return long.MaxValue;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)) return null;
        return limit >= Unlimited ? long.MaxValue : (long)limit;
    }

    private static string? ReadLine(string path, out bool absent)
    {
        var text = ProcFile.ReadText(path, MaxFile, out var error);
        absent = error == Libc.ENOENT;
        return text?.TrimEnd('\n');
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

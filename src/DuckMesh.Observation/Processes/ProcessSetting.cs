using System.Globalization;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Processes;

/// <summary>What hardly ever changes while a process lives.</summary>
internal sealed record ProcessSetting(string? Exe, string? Cgroup, string? Container, double? CpuLimitCores, long? MemoryLimitBytes)
{
    private const int MaxFile = 64 << 10;

    /// <summary>The longest path that Linux gives, PATH_MAX, and what it adds.</summary>
    private const int MaxLink = 4096 + 64;

    private string? CgroupText { get; init; }

    /// <param name="command">The kernel's name of the program, for when its path may not be read.</param>
    /// <param name="before">The last look at the same process: its container stays what it was as long as its cgroups do, for databases are named by it.</param>
    public static ProcessSetting Read(string proc, int pid, ReadOnlySpan<byte> command, HostSetting host, OwnDatabases own, ProcessSetting? before)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"{proc}/{pid}");
        var cgroupText = ProcFile.ReadText(folder + "/cgroup", MaxFile, out var error);
        var membership = CgroupMembership.Parse(cgroupText ?? "");

        // A kernel without cgroups has no such file.
        var limits = cgroupText is not null ? CgroupLimits.Read(membership, host.Cgroups) : error == Libc.ENOENT ? CgroupLimits.None : CgroupLimits.Unknown;
        var cpus = Cpus(ProcFile.ReadText(folder + "/status", MaxFile, out _), host.OnlineCpus);
        return new ProcessSetting(
            ExeOf(proc, pid, command),
            membership.Text,
            before is not null && before.CgroupText == cgroupText ? before.Container : ContainerOf(proc, pid, cgroupText, host, own),
            Least(limits.Cores, double.PositiveInfinity, cpus),
            Least(limits.MemoryBytes, long.MaxValue, host.MemoryBytes))
        {
            CgroupText = cgroupText,
        };
    }

    private static string? ExeOf(string proc, int pid, ReadOnlySpan<byte> command)
    {
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        Span<byte> target = stackalloc byte[MaxLink];
        var length = ProcFile.ReadLink(ProcFile.PathOf(proc, pid, "exe", path), target);
        if (length <= 0) return command.IsEmpty ? null : FilePath.FromBytes(command);
        var exe = target[..length];
        var deleted = " (deleted)"u8;
        return FilePath.FromBytes(exe.EndsWith(deleted) ? exe[..^deleted.Length] : exe);
    }

    private static string? ContainerOf(string proc, int pid, string? cgroupText, HostSetting host, OwnDatabases own)
    {
        if (cgroupText is null || ContainerId.Of(cgroupText) is not { } id) return null;
        return ContainerName.Find(proc, pid, id, cgroupText, host.Name, own) ?? id;
    }

    private static int? Cpus(string? status, string? online)
    {
        const string Key = "Cpus_allowed_list:";
        foreach (var line in (status ?? "").Split('\n'))
        {
            if (!line.StartsWith(Key, StringComparison.Ordinal)) continue;
            var allowed = line[Key.Length..];
            if (CpuList.CountCommon(allowed, online ?? allowed) is { } count) return count;
        }

        return online is null ? null : CpuList.Count(online);
    }

    // No limit, and a bound that is not known: nothing to say.
    private static T? Least<T>(T? limit, T none, T? bound)
        where T : struct, IComparable<T>
    {
        if (limit is not { } l) return null;
        if (bound is { } b && b.CompareTo(l) < 0) return b;
        return l.CompareTo(none) == 0 ? null : l;
    }
}

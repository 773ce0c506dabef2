using System.Globalization;

namespace DuckMesh.Observation.Processes;

/// <summary>What bounds every process of the host, at one instant.</summary>
internal sealed record HostSetting(string? OnlineCpus, long? MemoryBytes, string? Name, CgroupMounts Cgroups)
{
    private const int MaxFile = 64 << 10;

    /// <summary>A host of containers has thousands of mounts.</summary>
    private const int MaxMountInfo = 16 << 20;

    public static HostSetting Read(string proc, string sys) => new(
        ProcFile.ReadText(sys + "/devices/system/cpu/online", MaxFile, out _),
        Kilobytes(ProcFile.ReadText(proc + "/meminfo", MaxFile, out _), "MemTotal:"),
        ProcFile.ReadText(proc + "/sys/kernel/hostname", MaxFile, out _)?.Trim(),
        CgroupMounts.Parse(ProcFile.ReadText(proc + "/self/mountinfo", MaxMountInfo, out _) ?? ""));

    // "MemTotal:       16384256 kB"
    private static long? Kilobytes(string? text, string key)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (!line.StartsWith(key, StringComparison.Ordinal) || !line.EndsWith(" kB", StringComparison.Ordinal)) continue;
            return long.TryParse(line.AsSpan(key.Length, line.Length - key.Length - 3).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kb) && kb is > 0 and < 1L << 50 ? kb * 1024 : null;
        }

        return null;
    }
}

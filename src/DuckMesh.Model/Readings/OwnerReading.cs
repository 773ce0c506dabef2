namespace DuckMesh.Model.Readings;

/// <summary>The process that holds the database. Its figures are those of the whole program, not of DuckDB alone. What may not be read is null.</summary>
/// <param name="Pid">As this node's PID namespace numbers it.</param>
/// <param name="StartedAt">When the process started.</param>
/// <param name="At">When it was looked at: one look serves all databases that the process holds, so it can be older than the reading.</param>
public sealed record OwnerReading(int Pid, DateTimeOffset StartedAt, DateTimeOffset At)
{
    public string? Exe { get; init; }

    public string? Cgroup { get; init; }

    public string? Container { get; init; }

    /// <summary>It holds the database read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>User and system time since the process started, seconds.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Cores it may use: the tightest cgroup quota above it, else all of the host.</summary>
    public double? CpuLimitCores { get; init; }

    public long? ResidentBytes { get; init; }

    /// <summary>Memory it may use: the tightest cgroup limit above it, else the host's RAM.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Bytes it made the devices read and write since it started (<c>/proc/&lt;pid&gt;/io</c>).</summary>
    public long? ReadBytes { get; init; }

    public long? WriteBytes { get; init; }

    /// <summary>The DuckDB that it runs, such as <c>v1.5.6</c>, where its library could be found.</summary>
    public string? LibraryVersion { get; init; }
}

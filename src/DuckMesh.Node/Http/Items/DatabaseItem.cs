using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Http.Items;

/// <summary>One database as the API shows it. A field that can't be known is null.</summary>
[Description("One DuckDB database file. A field that can't be known is null.")]
public record DatabaseItem
{
    /// <summary>As another node wrote it.</summary>
    [JsonConstructor]
    internal DatabaseItem()
    {
    }

    /// <summary>Seen through <paramref name="view"/>, supervised on <paramref name="node"/>.</summary>
    internal DatabaseItem(DatabaseView view, string node)
    {
        var database = view.Database;
        Id = database.Id.Value;
        Name = database.Name;
        Host = database.Id.Host;
        Container = database.Id.Container;
        Path = database.Id.Path;
        State = database.State == DatabaseState.Unknown ? null : database.State;
        Reason = database.Reason;
        Expected = database.Expected;
        Owner = database.OwnerPid is { } pid
            ? new OwnerItem(pid, database.OwnerExe, database.OwnerSince?.UtcDateTime, database.OwnerContainer, database.OwnerCgroup, database.Owners)
            : null;
        StorageVersion = database.StorageVersion;
        CreatedBy = database.CreatedBy;
        LibraryVersion = database.LibraryVersion;
        Encrypted = database.Encrypted;
        FileSystem = database.FileSystem;
        SizeBytes = Whole(view, MetricCatalog.FileSizeBytes);
        WalBytes = Whole(view, MetricCatalog.WalSizeBytes);
        WalCommits = Whole(view, MetricCatalog.WalCommits);
        TempBytes = Whole(view, MetricCatalog.TempSizeBytes);
        BlocksUsed = Whole(view, MetricCatalog.BlocksUsed);
        BlocksFree = Whole(view, MetricCatalog.BlocksFree);
        FragmentationRatio = Number(view, MetricCatalog.FragmentationRatio);
        Checkpoints = Whole(view, MetricCatalog.Checkpoints);
        CpuUsageRatio = Number(view, MetricCatalog.CpuUsageRatio);
        MemoryUsageRatio = Number(view, MetricCatalog.MemoryUsageRatio);
        MemoryResidentBytes = Whole(view, MetricCatalog.MemoryResidentBytes);
        DiskUsageRatio = Number(view, MetricCatalog.DiskUsageRatio);
        DiskFreeBytes = Whole(view, MetricCatalog.DiskFreeBytes);
        Alerts = [.. view.Episodes.Where(e => e.State == EpisodeState.Firing).Select(e => e.Rule)];
        LastSeen = view.Latest?.LastSeen?.UtcDateTime;
        Node = node;
    }

    [Description("host:path, or host:container:path for a file that only another mount namespace sees.")]
    public string Id { get; init; } = "";

    [Description("Short and unique on its host: the label database of its metrics.")]
    public string Name { get; init; } = "";

    public string Host { get; init; } = "";

    [Description("The container whose mount namespace sees the file; null for a file that the host sees.")]
    public string? Container { get; init; }

    [Description("Absolute path; bytes that are no text are written \\xNN.")]
    public string Path { get; init; } = "";

    [Description("up: a process holds it. unowned: nobody does. unreadable: seen, but not to be read. down: expected and not there. lost: not expected and gone. null: not looked at yet.")]
    public DatabaseState? State { get; init; }

    [Description("Why the state is what it is, and what to try.")]
    public string? Reason { get; init; }

    [Description("Its absence is an alert: it was configured by name, or had an owner for long enough.")]
    public bool Expected { get; init; }

    public OwnerItem? Owner { get; init; }

    public long? SizeBytes { get; init; }

    [Description("Size of the write-ahead log; 0 when there is none.")]
    public long? WalBytes { get; init; }

    [Description("Durable commits since the last checkpoint.")]
    public long? WalCommits { get; init; }

    [Description("Bytes in the spill folder beside the file.")]
    public long? TempBytes { get; init; }

    public long? BlocksUsed { get; init; }

    public long? BlocksFree { get; init; }

    public double? FragmentationRatio { get; init; }

    [Description("Checkpoints since the file was made.")]
    public long? Checkpoints { get; init; }

    [Description("CPU use of the owner / CPU it may use, 0 to 1.")]
    public double? CpuUsageRatio { get; init; }

    [Description("Resident memory of the owner / memory it may use, 0 to 1.")]
    public double? MemoryUsageRatio { get; init; }

    public long? MemoryResidentBytes { get; init; }

    [Description("Used share of its file system, 0 to 1.")]
    public double? DiskUsageRatio { get; init; }

    public long? DiskFreeBytes { get; init; }

    [Description("DuckDB's storage version number, such as 64 or 68.")]
    public int? StorageVersion { get; init; }

    [Description("The DuckDB that made the file.")]
    public string? CreatedBy { get; init; }

    [Description("The DuckDB that the owner runs.")]
    public string? LibraryVersion { get; init; }

    public bool? Encrypted { get; init; }

    [Description("The type of its file system, as the mount table names it.")]
    public string? FileSystem { get; init; }

    [Description("The rules that fire for it now.")]
    public ImmutableArray<string> Alerts { get; init; } = [];

    [Description("When the file was last observed.")]
    public DateTime? LastSeen { get; init; }

    [Description("The node whose supervisor watches it.")]
    public string Node { get; init; } = "";

    private static double? Number(DatabaseView view, Series series) => view.Latest?[series] is { } value && double.IsFinite(value) ? value : null;

    private static long? Whole(DatabaseView view, Series series) => (long?)Number(view, series);
}

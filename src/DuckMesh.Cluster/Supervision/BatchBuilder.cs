using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Supervision;

/// <summary>
/// Turns readings of one database into batches: its state, whether it is expected, and the one rate that needs two readings. Pure; counts that go on over
/// restarts are the edge's absolute ones, so nothing is lost with this object but the CPU of the first interval.
/// </summary>
public sealed class BatchBuilder
{
    /// <summary>"Not observed for two intervals" (contract), less the jitter of a tick.</summary>
    private const double IntervalsUntilDown = 1.9;

    /// <summary>A longer gap between two looks was not watched: who owned the file then is not known.</summary>
    private const double IntervalsWatched = 2.5;

    private readonly StoredDatabase _database;
    private readonly MonitorSettings _settings;
    private DatabaseDescription _description;
    private DateTimeOffset? _lastSeen;
    private DateTimeOffset? _firstAsked;
    private OwnerReading? _owner;
    private double? _cpu;
    private DateTimeOffset? _ownedAt;
    private DateTimeOffset? _hostLostAt;

    public BatchBuilder(StoredDatabase database, MonitorSettings settings)
    {
        _database = database;
        _settings = settings;
        OwnedSeconds = database.OwnedSeconds;
        GoneSince = database.GoneSince;
        _lastSeen = database.GoneSince;
        _description = new DatabaseDescription(database.Id, database.Name, DatabaseState.Unknown, Expected, null);
    }

    /// <summary>Named in <c>watch</c>, or had an owner for <c>expect-after</c> together.</summary>
    public bool Expected => _database.Configured || OwnedSeconds >= _settings.ExpectAfter.TotalSeconds;

    public double OwnedSeconds { get; private set; }

    public DateTimeOffset? GoneSince { get; private set; }

    public DatabaseState State => _description.State;

    /// <summary>The host had no node, and the database was not seen since.</summary>
    public bool HostIsLost => _hostLostAt is not null;

    public bool MayBeForgotten(DateTimeOffset now) => !_database.Configured && GoneSince is { } since && now - since >= _settings.ForgetAfter;

    public Batch Build(Reading reading)
    {
        _hostLostAt = null;
        if (reading.Presence == Presence.Absent) return NotThere(reading.At, reading.Reason, known: true);
        _lastSeen = reading.At;
        GoneSince = null;
        CountOwned(reading);
        var state = reading.Presence == Presence.Unreadable ? DatabaseState.Unreadable : reading.Owned == true ? DatabaseState.Up : DatabaseState.Unowned;
        Describe(state, reading.Reason, reading);
        var values = Batch.NoValues();
        values[MetricCatalog.Up.Index] = 1;
        Fill(values, reading);
        return new Batch(_description, reading.At, values) { LastSeen = _lastSeen };
    }

    /// <summary>The host has no node: nothing can be known, so everything is absent; that its databases are not observed says nothing of them.</summary>
    public Batch HostLost(DateTimeOffset at)
    {
        _hostLostAt = at;
        _ownedAt = null;
        Describe(DatabaseState.Lost, $"no node of host {_database.Id.Host} is in the cluster: start DuckMesh there", null);
        return new Batch(_description, at, Batch.NoValues()) { LastSeen = _lastSeen };
    }

    /// <summary>The edge could not look: its deadline passed, or it refused because the last look still hangs.</summary>
    public Batch NotObserved(DateTimeOffset at, string reason) => NotThere(at, reason, known: false);

    /// <summary>The host's node has just come back: its edge gets the time that any observation has before its absence says something.</summary>
    public bool HostJustBack(DateTimeOffset at) => at - _hostLostAt <= _settings.Interval * IntervalsUntilDown;

    private Batch NotThere(DateTimeOffset at, string? reason, bool known)
    {
        _firstAsked ??= at;
        _ownedAt = null;
        var missing = at - (_lastSeen ?? _firstAsked.Value) > _settings.Interval * IntervalsUntilDown;
        var values = Batch.NoValues();
        if (known) GoneSince ??= at;
        if (known && !Expected)
        {
            Describe(DatabaseState.Lost, reason, null);
        }
        else if (missing)
        {
            Describe(Expected ? DatabaseState.Down : DatabaseState.Unreadable, reason, null);
            if (Expected) values[MetricCatalog.Up.Index] = 0;
        }
        else
        {
            // Within two intervals it counts as observed, and what could not be looked at is taken to be as it was; what it measures is absent all the same.
            if (known || State == DatabaseState.Unknown) Describe(State, State == DatabaseState.Unknown ? reason : _description.Reason, null);
            if (_lastSeen is not null) values[MetricCatalog.Up.Index] = 1;
        }

        return new Batch(_description, at, values) { LastSeen = _lastSeen };
    }

    private void CountOwned(Reading reading)
    {
        if (reading.Owned != true)
        {
            _ownedAt = null;
            return;
        }

        var since = reading.At - (_ownedAt ?? reading.At);
        if (since > TimeSpan.Zero && since < _settings.Interval * IntervalsWatched) OwnedSeconds += since.TotalSeconds;
        _ownedAt = reading.At;
    }

    private void Describe(DatabaseState state, string? reason, Reading? reading)
    {
        var description = reading is null
            ? _description with { State = state, Reason = reason, Expected = Expected, OwnerPid = null, OwnerExe = null, OwnerSince = null, OwnerContainer = null, OwnerCgroup = null, Owners = 0 }
            : new DatabaseDescription(_database.Id, _database.Name, state, Expected, reason)
            {
                StorageVersion = reading.File?.Header?.StorageVersion,
                CreatedBy = reading.File?.Header?.CreatedBy,
                Encrypted = reading.File?.Header?.Encrypted,
                LibraryVersion = reading.Owner?.LibraryVersion,
                OwnerPid = reading.Owner?.Pid,
                OwnerExe = reading.Owner?.Exe,
                OwnerSince = reading.Owner?.StartedAt,
                OwnerContainer = reading.Owner?.Container,
                OwnerCgroup = reading.Owner?.Cgroup,
                Owners = reading.Owners,
                FileSystem = reading.Disk?.Type,
            };
        if (description != _description) _description = description;
    }

    private void Fill(double[] values, Reading reading)
    {
        Set(values, MetricCatalog.Owned, reading.Owned switch { true => 1, false => 0, null => null });
        Set(values, MetricCatalog.FileSizeBytes, reading.File?.SizeBytes);
        Set(values, MetricCatalog.WalSizeBytes, reading.Wal?.SizeBytes);
        Set(values, MetricCatalog.WalCommits, reading.Wal?.Commits);
        Set(values, MetricCatalog.TempSizeBytes, reading.TempBytes);
        Set(values, MetricCatalog.Checkpoints, reading.File?.Header?.Iteration);
        Set(values, MetricCatalog.DiskUsageRatio, reading.Disk?.UsedRatio);
        Set(values, MetricCatalog.DiskFreeBytes, reading.Disk?.FreeBytes);
        if (reading.File?.Blocks is { } blocks)
        {
            Set(values, MetricCatalog.BlocksUsed, blocks.Used);
            Set(values, MetricCatalog.BlocksFree, blocks.Free);
            if (blocks.Total > 0) Set(values, MetricCatalog.FragmentationRatio, (double)blocks.Free / blocks.Total);
        }

        if (reading.Owner is not { } owner) return;
        Set(values, MetricCatalog.CpuUsageRatio, CpuRatio(owner));
        Set(values, MetricCatalog.MemoryResidentBytes, owner.ResidentBytes);
        if (owner.MemoryLimitBytes is > 0 and { } limit) Set(values, MetricCatalog.MemoryUsageRatio, (double?)owner.ResidentBytes / limit);
        Set(values, MetricCatalog.IoReadBytes, owner.ReadBytes);
        Set(values, MetricCatalog.IoWriteBytes, owner.WriteBytes);
    }

    /// <summary>CPU seconds gained / seconds passed / cores it may use, between two looks at the same process.</summary>
    private double? CpuRatio(OwnerReading owner)
    {
        if (_owner is { } before && before.Pid == owner.Pid && before.StartedAt == owner.StartedAt)
        {
            var passed = (owner.At - before.At).TotalSeconds;
            if (passed <= 0) return _cpu;
            _cpu = owner.CpuLimitCores > 0 ? (owner.CpuSeconds - before.CpuSeconds) / passed / owner.CpuLimitCores : null;
        }
        else
        {
            _cpu = null;
        }

        _owner = owner;
        return _cpu;
    }

    private static void Set(double[] values, Series series, double? value) => values[series.Index] = value ?? double.NaN;
}

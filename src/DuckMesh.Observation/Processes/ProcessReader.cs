using System.Buffers.Text;
using System.Collections.Concurrent;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Processes;

/// <summary>
/// Reads <c>/proc/&lt;pid&gt;</c> and the limits of its cgroup. Thread-safe; one look at a process serves all databases that it holds for a moment.
/// What may not be read is null.
/// </summary>
public sealed class ProcessReader
{
    /// <summary>How long one look serves. Far below the interval of the probes, so that each round sees new figures.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(1);

    /// <summary>How long limits, program and container are taken for unchanged.</summary>
    public static readonly TimeSpan SettingFor = TimeSpan.FromSeconds(30);

    /// <summary>More owners than a host has; beyond it nothing is lost but the saving.</summary>
    internal const int MaxProcesses = 4096;

    /// <summary>A process nobody asked about for so long is forgotten.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    /// <summary>The wait before a second search for a library that was not found, doubled each time: a statically linked program has none.</summary>
    private static readonly TimeSpan SearchAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>The last wait is 30 s x 2^7, about an hour.</summary>
    private const int MaxDoublings = 7;

    /// <summary>On a host of many cores the line of interrupt counts comes before the boot time.</summary>
    private const int MaxStat = 4 << 20;

    /// <summary>Attempts to see one and the same process from the first file to the last.</summary>
    private const int MaxAttempts = 3;

    private readonly TimeProvider _time;
    private readonly OwnDatabases _own;
    private readonly string _proc;
    private readonly string _sys;
    private readonly LibrarySearch _libraries;
    private readonly ConcurrentDictionary<int, Slot> _processes = new();
    private readonly Lock _hostLock = new();
    private HostSetting? _host;
    private long _hostAt;
    private long _prunedAt;

    // Read once: the kernel moves the boot time when the clock is set, and a process must not seem to have started anew then.
    private readonly DateTimeOffset? _bootedAt;

    public ProcessReader(TimeProvider time)
        : this(time, new OwnDatabases())
    {
    }

    /// <param name="own">Files that must never be opened as plain files, should a process have mapped one as its library.</param>
    public ProcessReader(TimeProvider time, OwnDatabases own)
        : this(time, own, "/proc", "/sys", LibrarySearch.OnThread)
    {
    }

    /// <param name="background">Runs the search for libraries, which may take long.</param>
    internal ProcessReader(TimeProvider time, OwnDatabases own, string proc, string sys, Action<Action> background)
    {
        _time = time;
        _own = own;
        _proc = proc;
        _sys = sys;
        _libraries = new LibrarySearch(proc, own, background);
        _bootedAt = BootedAt(ProcFile.ReadBytes(proc + "/stat", MaxStat, out _));
        _prunedAt = time.GetTimestamp();
    }

    internal int Count => _processes.Count;

    /// <summary>Null when there is no such process, or it may not be seen at all. Within <see cref="CacheFor"/> the very same instance.</summary>
    public OwnerReading? Read(int pid)
    {
        if (_processes.TryGetValue(pid, out var slot))
        {
            if (Fresh(slot) is { } reading) return reading;
        }
        else
        {
            if (pid <= 0) return null;
            MakeRoom();
            slot = _processes.GetOrAdd(pid, static _ => new Slot());
        }

        lock (slot)
        {
            if (Fresh(slot) is { } reading) return reading;
            var look = Look(pid, slot);
            slot.Last = look is null ? null : new Seen(look, _time.GetTimestamp());
            if (look is null) _processes.TryRemove(KeyValuePair.Create(pid, slot));
            return look;
        }
    }

    /// <summary>The container that a process runs in: its name where known, else the first 12 digits of its id; null outside of containers and for no such process.</summary>
    public string? ContainerOf(int pid) => Read(pid)?.Container;

    private OwnerReading? Fresh(Slot slot) => slot.Last is { } seen && _time.GetElapsedTime(seen.Timestamp) < CacheFor ? seen.Reading : null;

    private OwnerReading? Look(int pid, Slot slot)
    {
        if (_bootedAt is not { } booted) return null;
        Span<byte> path = stackalloc byte[ProcFile.PathBytes];
        Span<byte> text = stackalloc byte[4096];
        Span<byte> other = stackalloc byte[4096];
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var length = ProcFile.Read(ProcFile.PathOf(_proc, pid, "stat", path), text, out _);
            if (length < 0 || !ProcessStat.TryParse(text[..length], out var stat) || stat.HasEnded) return null;
            var life = slot.Life;
            if (life is null || life.StartTicks != stat.StartTicks) life = new ProcessLife(pid, stat.StartTicks, StartedAt(booted, stat.StartTicks));
            life = WithSetting(life, ProcessStat.Command(text[..length]));

            var at = _time.GetUtcNow();
            var resident = Resident(Read(pid, "statm", path, other));
            var io = Read(pid, "io", path, other);
            var (readBytes, writeBytes) = (Number(io, "\nread_bytes: "u8), Number(io, "\nwrite_bytes: "u8));

            // All of it must be of one process: its number may have gone to another one in between.
            length = ProcFile.Read(ProcFile.PathOf(_proc, pid, "stat", path), text, out _);
            if (length < 0 || !ProcessStat.TryParse(text[..length], out var again)) return null;
            if (again.StartTicks != stat.StartTicks) continue;
            slot.Life = life;
            SearchLibrary(life);
            var setting = life.Setting!;
            return new OwnerReading(pid, life.StartedAt, at)
            {
                Exe = setting.Exe,
                Cgroup = setting.Cgroup,
                Container = setting.Container,
                CpuSeconds = stat.CpuTicks / (double)ProcessStat.TicksPerSecond,
                CpuLimitCores = setting.CpuLimitCores,
                ResidentBytes = resident,
                MemoryLimitBytes = setting.MemoryLimitBytes,
                ReadBytes = readBytes,
                WriteBytes = writeBytes,
                LibraryVersion = life.LibraryVersion,
            };
        }

        return null;
    }

    private ProcessLife WithSetting(ProcessLife life, ReadOnlySpan<byte> command)
    {
        var before = life.Setting;
        if (before is not null && _time.GetElapsedTime(life.SettingAt) < SettingFor) return life;
        var setting = ProcessSetting.Read(_proc, life.Pid, command, Host(), _own, before);
        if (before is not null && before.Exe != setting.Exe) life = new ProcessLife(life.Pid, life.StartTicks, life.StartedAt);
        life.Setting = setting;
        life.SettingAt = _time.GetTimestamp();
        return life;
    }

    private HostSetting Host()
    {
        lock (_hostLock)
        {
            if (_host is null || _time.GetElapsedTime(_hostAt) >= SettingFor)
            {
                _host = HostSetting.Read(_proc, _sys);
                _hostAt = _time.GetTimestamp();
            }

            return _host;
        }
    }

    private void SearchLibrary(ProcessLife life)
    {
        if (life.LibraryVersion is not null) return;
        if (life.Searches > 0 && _time.GetElapsedTime(life.SearchedAt) < SearchAgainAfter * (1 << Math.Min(life.Searches - 1, MaxDoublings))) return;
        if (!_libraries.TryEnqueue(life)) return;
        life.Searches++;
        life.SearchedAt = _time.GetTimestamp();
    }

    private void MakeRoom()
    {
        var last = Interlocked.Read(ref _prunedAt);
        if (_processes.Count < MaxProcesses && _time.GetElapsedTime(last) < ForgetAfter) return;
        if (Interlocked.CompareExchange(ref _prunedAt, _time.GetTimestamp(), last) != last) return;
        foreach (var (pid, slot) in _processes)
        {
            if (slot.Last is not { } seen || _time.GetElapsedTime(seen.Timestamp) >= ForgetAfter) _processes.TryRemove(KeyValuePair.Create(pid, slot));
        }

        if (_processes.Count >= MaxProcesses) _processes.Clear();
    }

    private ReadOnlySpan<byte> Read(int pid, string name, Span<byte> path, Span<byte> buffer)
    {
        var length = ProcFile.Read(ProcFile.PathOf(_proc, pid, name, path), buffer, out _);
        return length < 0 ? [] : buffer[..length];
    }

    private static DateTimeOffset StartedAt(DateTimeOffset booted, ulong ticks)
    {
        var span = ticks > (ulong)TimeSpan.MaxValue.Ticks / (TimeSpan.TicksPerSecond / ProcessStat.TicksPerSecond) ? TimeSpan.Zero : TimeSpan.FromTicks((long)ticks * (TimeSpan.TicksPerSecond / ProcessStat.TicksPerSecond));
        return span < DateTimeOffset.MaxValue - booted ? booted + span : booted;
    }

    // statm: size resident shared ..., in pages
    private static long? Resident(ReadOnlySpan<byte> statm)
    {
        var blank = statm.IndexOf((byte)' ');
        if (blank < 0 || !Utf8Parser.TryParse(statm[(blank + 1)..], out long pages, out _)) return null;
        return pages is >= 0 and < 1L << 40 ? pages * Environment.SystemPageSize : null;
    }

    private static long? Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        var start = text.IndexOf(key);
        return start >= 0 && Utf8Parser.TryParse(text[(start + key.Length)..], out long number, out _) && number >= 0 ? number : null;
    }

    private static DateTimeOffset? BootedAt(ReadOnlySpan<byte> stat)
    {
        return Number(stat, "\nbtime "u8) is { } seconds && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    private sealed record Seen(OwnerReading Reading, long Timestamp);

    private sealed class Slot
    {
        private volatile Seen? _last;

        public Seen? Last
        {
            get => _last;
            set => _last = value;
        }

        public ProcessLife? Life { get; set; }
    }
}

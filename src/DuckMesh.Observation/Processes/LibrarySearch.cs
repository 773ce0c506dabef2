using System.Buffers;
using System.Globalization;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Processes;

/// <summary>
/// Finds out which DuckDB a process runs: the greatest <c>vN.N.N</c> in the library that it has mapped. That reads some 60 MB (60-100 ms), so it is done in the
/// background, one library at a time, once per file.
/// </summary>
internal sealed class LibrarySearch(string proc, OwnDatabases own, Action<Action> background)
{
    /// <summary>Four times the size of today's library; what is larger is read to here.</summary>
    internal const long MaxBytes = 256L << 20;

    private const int ChunkBytes = 1 << 20;

    /// <summary>A program of many libraries has a few lines per library.</summary>
    private const int MaxMaps = 8 << 20;

    /// <summary>Processes that wait; those beyond it are asked for again at their next look.</summary>
    private const int MaxQueue = 256;

    private const int MaxKnown = 1024;

    /// <summary>Files tried per process.</summary>
    private const int MaxTries = 4;

    private readonly Lock _lock = new();
    private readonly Queue<ProcessLife> _waiting = new();
    private readonly Dictionary<Key, string?> _known = [];
    private bool _running;

    /// <summary>A thread of its own: a library on a mount that hangs must not take one of the pool with it.</summary>
    public static void OnThread(Action work) => new Thread(() => work()) { IsBackground = true, Name = "library search" }.Start();

    /// <summary>False when too many wait already.</summary>
    public bool TryEnqueue(ProcessLife life)
    {
        lock (_lock)
        {
            if (_waiting.Count >= MaxQueue) return false;
            _waiting.Enqueue(life);
            if (_running) return true;
            _running = true;
        }

        background(Drain);
        return true;
    }

    private void Drain()
    {
        while (true)
        {
            ProcessLife? life;
            lock (_lock)
            {
                _running = _waiting.TryDequeue(out life);
                if (life is null) return;
            }

            life.LibraryVersion = Search(life);
        }
    }

    private string? Search(ProcessLife life)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"{proc}/{life.Pid}");
        var maps = ProcFile.ReadBytes(folder + "/maps", MaxMaps, out _);
        foreach (var library in MappedLibrary.Find(maps, life.Setting?.Exe).Take(MaxTries))
        {
            // The path is that of the process's own mount namespace, and may mean another file by now; the mapping itself needs more rights.
            var version = VersionOf($"{folder}/root{library.Path}", library.Inode, follow: false) ?? VersionOf($"{folder}/map_files/{library.Range}", library.Inode, follow: true);
            if (version is not null) return IsStill(life, folder) ? version : null;
        }

        return null;
    }

    private static bool IsStill(ProcessLife life, string folder) =>
        ProcessStat.TryParse(ProcFile.ReadBytes(folder + "/stat", 4096, out _), out var stat) && stat.StartTicks == life.StartTicks;

    private string? VersionOf(string path, ulong inode, bool follow)
    {
        var bytes = ProcFile.ZeroEnded(path);
        var status = FileStatus.Of(bytes, follow, out var error);
        if (error != 0 || status.Identity.Inode != inode) return null;
        var key = new Key(status.Identity, status.SizeBytes, status.ModifiedNanoseconds);
        if (_known.TryGetValue(key, out var version)) return version;
        if (PosixFile.Open(bytes, status, own, out var file).Kind != FileFaultKind.None) return null;
        using (file)
        {
            if (!TryScan(file, out version)) return null;
        }

        if (_known.Count >= MaxKnown) _known.Clear();
        _known[key] = version;
        return version;
    }

    private static bool TryScan(PosixFile file, out string? version)
    {
        VersionText? greatest = null;
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var chunk = buffer.AsSpan(0, ChunkBytes);
        var count = 0;
        for (long offset = 0; offset < MaxBytes; offset += ChunkBytes - VersionText.Overlap)
        {
            count = file.Read(chunk, offset, out _);
            if (count <= 0) break;
            var found = VersionText.Greatest(chunk[..count], offset == 0, count < ChunkBytes);
            if (found is { } next && (greatest is not { } best || next.CompareTo(best) > 0)) greatest = next;
            if (count < ChunkBytes) break;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        version = greatest?.ToString();
        return count >= 0;
    }

    private readonly record struct Key(FileIdentity File, long SizeBytes, long ModifiedNanoseconds);
}

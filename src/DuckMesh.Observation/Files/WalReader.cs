using DuckMesh.Model.Readings;

namespace DuckMesh.Observation.Files;

/// <summary>
/// A database's write-ahead log: <c>&lt;file&gt;.wal</c> and, while a checkpoint runs, <c>&lt;file&gt;.wal.checkpoint</c> with the commits made meanwhile. When the
/// checkpoint begins it puts a marker into the first; until its header is written both count, afterwards the first is obsolete though it is still there: the marker
/// holds the pointer that the header will have, as DuckDB itself tells the two apart when it recovers. The sizes of both count as long as they are on disk.
/// </summary>
internal sealed class WalReader(OwnDatabases own, TimeProvider time)
{
    /// <summary>
    /// What one look reads at most, so that a log of gigabytes holds neither its disk nor its probe: milliseconds from the page cache, some tenths of a second from a disk.
    /// DuckDB checkpoints at 16 MiB unless told otherwise, so most logs are read at once; the rest of a longer one is read at the next looks.
    /// </summary>
    public const long MaxBytesPerLook = 16 * 1024 * 1024;

    private readonly WalFile _log = new(own, time);
    private WalFile? _during;

    /// <summary>Null when not even the size can be known.</summary>
    public WalReading? Reading { get; private set; }

    /// <param name="header">Of the database; null when it is not known.</param>
    public void Read(ProbePath path, bool mayOpen, in DatabaseHeader? header, long now)
    {
        var budget = MaxBytesPerLook;
        var generation = header?.Iteration ?? 0;
        _log.Read(path.With(".wal"u8), mayOpen, generation, now, ref budget);

        // One system call that nearly always says no: only where the log says that a checkpoint runs, or can't say.
        if (_log.Present && (_log.CheckpointRoot is not null || _log.Commits is null))
        {
            _during ??= new WalFile(own, time);
            _during.Read(path.With(".wal.checkpoint"u8), mayOpen, generation, now, ref budget);
        }
        else
        {
            _during = null;
        }

        var obsolete = _log.CheckpointRoot is { } root && root == header?.MetaBlock && root != DatabaseHeader.NoBlock;
        Publish(
            _log.SizeBytes + (_during?.SizeBytes ?? 0),
            obsolete ? _during?.Commits : _log.Commits + (_during is null ? 0 : _during.Commits),
            (!obsolete && _log.TornTail) || _during is { TornTail: true },
            _log.Damaged || _during is { Damaged: true });
    }

    public void Forget()
    {
        _log.Forget();
        _during = null;
        Reading = null;
    }

    private void Publish(long? size, long? commits, bool torn, bool damaged)
    {
        if (size is not { } bytes)
        {
            Reading = null;
        }
        else if (Reading is null || Reading.SizeBytes != bytes || Reading.Commits != commits || Reading.TornTail != torn || Reading.Damaged != damaged)
        {
            Reading = new WalReading(bytes, commits) { TornTail = torn, Damaged = damaged };
        }
    }
}

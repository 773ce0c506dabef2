using DuckMesh.History.Blocks;

namespace DuckMesh.History.Spool;

/// <summary>
/// Keeps blocks on disk until the store has them: in segments, oldest first, each block once. What <see cref="Append"/> has returned for is there after kill -9 and
/// after a power cut: it waits until the disk has it (fsync), and the position is written likewise. A record that was half written when the process died is cut off;
/// what is damaged is set aside and counted, and the rest goes on. Bounded: the oldest segment is dropped when a new one would not fit. Thread-safe.
/// </summary>
public sealed class DiskSpool : IDisposable
{
    /// <summary>Blocks and segments that can't be read.</summary>
    public const string DamagedFolder = "damaged";

    /// <summary>Blocks that the store refuses.</summary>
    public const string PoisonFolder = "poison";

    private readonly Lock _lock = new();
    private readonly SpoolFolder _folder;
    private readonly SpoolLimits _limits;
    private readonly LinkedList<Segment> _segments = new();
    private Segment? _active;
    private (int Blocks, long Rows) _passed;   // of the first segment, before the position
    private SpoolEntry? _taken;
    private DateTimeOffset? _oldest;

    private DiskSpool(SpoolFolder folder, SpoolLimits limits)
    {
        _folder = folder;
        _limits = limits;
    }

    /// <summary>What the spool holds now.</summary>
    public SpoolState State
    {
        get
        {
            lock (_lock)
            {
                return new SpoolState(
                    _segments.Sum(s => s.Blocks) - _passed.Blocks, _segments.Sum(s => s.Rows) - _passed.Rows, _segments.Sum(s => s.End), _oldest,
                    Position.Stored, Position.Dropped, Position.SetAside, _folder.DamagedSegments);
            }
        }
    }

    private SpoolPosition Position => _folder.Position.Position;

    /// <summary>Opens the spool of a folder, which is made if it is missing. One process at a time may.</summary>
    /// <exception cref="IOException">The folder can't be used; one line why.</exception>
    /// <exception cref="UnauthorizedAccessException">So too.</exception>
    public static DiskSpool Open(string folder, SpoolLimits limits)
    {
        var spool = new DiskSpool(SpoolFolder.Open(folder), limits);
        try
        {
            spool.Find();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>Takes a block. When this returns, it is accepted.</summary>
    /// <param name="at">When the block was made.</param>
    /// <exception cref="IOException">It is not; the same block may be tried again. If it is there all the same after a restart, it has the same id.</exception>
    public void Append(HistoryBlock block, DateTimeOffset at)
    {
        var bytes = BlockCodec.Encode(block);
        lock (_lock)
        {
            MakeRoom(RecordHeader.Size + bytes.Length);
            if (_active is null)
            {
                _active = _folder.Create();
                _segments.AddLast(_active);
            }

            try
            {
                _active.Append(new RecordHeader(bytes.Length, block.Rows, at, Crc32C.Of(bytes)), bytes);
                _oldest ??= at;
            }
            catch (IOException)
            {
                Mend(_active);
                throw;
            }

            if (_active.End >= _limits.SegmentBytes) _active = null;
        }
    }

    /// <summary>The block to deliver next; it stays the next until it is <see cref="Delivered"/> or <see cref="Refused"/>. Null when none waits.</summary>
    /// <exception cref="IOException">The disk can't be read.</exception>
    public SpoolEntry? Next()
    {
        lock (_lock)
        {
            while (_segments.First?.Value is { } first)
            {
                var offset = OffsetIn(first);
                if (offset >= first.End)
                {
                    if (first == _active) break;
                    Finish(first);
                }
                else if (!first.TryReadHeader(offset, out var header))
                {
                    Lose(first);
                }
                else if (Read(first, offset, header) is { } entry)
                {
                    _oldest = entry.At;
                    return _taken = entry;
                }
                else
                {
                    Pass(first, offset + RecordHeader.Size + header.Length, header.Rows, p => p with { SetAside = p.SetAside + header.Rows });
                }
            }

            _oldest = null;
            return null;
        }
    }

    /// <summary>The store has it. Of a block whose segment was dropped meanwhile it is counted all the same.</summary>
    public void Delivered(SpoolEntry entry) => Take(entry, p => p with { Stored = p.Stored + entry.Rows });

    /// <summary>The store can never take it: it is kept in a folder for people to look at, and the next one is delivered.</summary>
    public void Refused(SpoolEntry entry)
    {
        lock (_lock)
        {
            _folder.KeepPoison(entry.Segment, entry.Offset, BlockCodec.Encode(entry.Block));
            Take(entry, p => p with { SetAside = p.SetAside + entry.Rows });
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var segment in _segments) segment.Dispose();
            _folder.Dispose();
        }
    }

    private void Find()
    {
        foreach (var segment in _folder.Find()) _segments.AddLast(segment);
        if (_segments.First?.Value is not { } first) return;
        if (first.Before(OffsetIn(first)) is { } passed) _passed = passed;
        else _folder.Position.Write(Position with { Segment = first.Number, Offset = 0 });
        _ = Next();
        _taken = null;
    }

    private long OffsetIn(Segment segment) => segment.Number == Position.Segment ? Math.Max(Segment.HeaderSize, Position.Offset) : Segment.HeaderSize;

    /// <summary>Null: the record is damaged, and now set aside.</summary>
    private SpoolEntry? Read(Segment segment, long offset, RecordHeader header)
    {
        if (segment.TryReadBytes(offset, header, out var bytes))
        {
            try
            {
                return new SpoolEntry(BlockCodec.Decode(bytes), header.At) { Segment = segment.Number, Offset = offset, Next = offset + RecordHeader.Size + header.Length, Rows = header.Rows };
            }
            catch (InvalidDataException)
            {
                // Written by a newer version, or damaged before its checksum was made.
            }
        }

        _folder.KeepDamaged(segment.Number, offset, bytes);
        return null;
    }

    private void Take(SpoolEntry entry, Func<SpoolPosition, SpoolPosition> count)
    {
        lock (_lock)
        {
            _taken = null;
            if (_segments.First?.Value is { } first && first.Number == entry.Segment && OffsetIn(first) == entry.Offset) Pass(first, entry.Next, entry.Rows, count);
            else _folder.Position.Write(count(Position));
            _oldest = _segments.First?.Value is { } head && head.TryReadHeader(OffsetIn(head), out var header) ? header.At : null;
        }
    }

    private void Pass(Segment segment, long next, int rows, Func<SpoolPosition, SpoolPosition> count)
    {
        _passed = (_passed.Blocks + 1, _passed.Rows + rows);
        _folder.Position.Write(count(Position) with { Segment = segment.Number, Offset = next });
        if (next >= segment.End && segment != _active) Finish(segment);
    }

    /// <summary>All of the first segment that can be read is delivered.</summary>
    private void Finish(Segment segment)
    {
        if (segment.Rest > 0) Lose(segment);
        else Remove(segment, p => p, segment.Delete);
    }

    /// <summary>The rest of the first segment can't be read.</summary>
    private void Lose(Segment segment)
    {
        var rows = segment.Rows - _passed.Rows;
        Remove(segment, p => p with { SetAside = p.SetAside + rows }, () => _folder.MoveAway(segment.Path));
    }

    private void MakeRoom(long bytes)
    {
        while (_segments.First?.Value is { } first && _segments.Sum(s => s.End) + bytes > _limits.MaxBytes)
        {
            // The block that is on its way to the store is not lost.
            var rows = first.Rows - _passed.Rows - (_taken?.Segment == first.Number ? _taken.Rows : 0);
            Remove(first, p => p with { Dropped = p.Dropped + rows }, first.Delete);
        }
    }

    /// <summary>The position goes first: a file that it has passed is deleted at the next start.</summary>
    private void Remove(Segment segment, Func<SpoolPosition, SpoolPosition> count, Action file)
    {
        segment.Dispose();
        _segments.Remove(segment);
        _passed = default;
        if (segment == _active) _active = null;
        _folder.Position.Write(count(Position) with { Segment = segment.Number + 1, Offset = 0 });
        file();
    }

    /// <summary>A write failed half-way: what it left is cut off, or else the next goes to a new segment.</summary>
    private void Mend(Segment segment)
    {
        _active = null;
        try
        {
            segment.CutRest();
            _active = segment;
        }
        catch (IOException)
        {
            // It ends in bytes that nobody was told were accepted.
        }
    }
}

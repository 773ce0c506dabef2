using System.Globalization;
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
    private readonly string _folder;
    private readonly SpoolLimits _limits;
    private readonly LinkedList<Segment> _segments = new();
    private readonly PositionFile _position;
    private readonly SetAside _damaged;
    private readonly SetAside _poison;
    private Segment? _active;
    private long _lastNumber;
    private (int Blocks, long Rows) _passed;   // of the first segment, before the position
    private SpoolEntry? _taken;
    private DateTimeOffset? _oldest;
    private int _damagedSegments;

    private DiskSpool(string folder, SpoolLimits limits, PositionFile position)
    {
        _folder = folder;
        _limits = limits;
        _position = position;
        _damaged = new SetAside(Path.Combine(folder, DamagedFolder));
        _poison = new SetAside(Path.Combine(folder, PoisonFolder));
        _lastNumber = position.Position.Segment;
    }

    /// <summary>What the spool holds now.</summary>
    public SpoolState State
    {
        get
        {
            lock (_lock)
            {
                var p = _position.Position;
                return new SpoolState(
                    _segments.Sum(s => s.Blocks) - _passed.Blocks, _segments.Sum(s => s.Rows) - _passed.Rows, _segments.Sum(s => s.End), _oldest, p.Stored, p.Dropped, p.SetAside, _damagedSegments);
            }
        }
    }

    /// <summary>Opens the spool of a folder, which is made if it is missing. One process at a time may.</summary>
    /// <exception cref="IOException">The folder can't be used; one line why.</exception>
    /// <exception cref="UnauthorizedAccessException">So too.</exception>
    public static DiskSpool Open(string folder, SpoolLimits limits)
    {
        if (File.Exists(folder)) throw new IOException($"{folder} is a file and must be a folder; move it away");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            Folder.Flush(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        }

        var spool = new DiskSpool(folder, limits, PositionFile.Open(folder));
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
                _active = Segment.Create(_folder, _lastNumber + 1);
                _lastNumber++;
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
            Keep(_poison, entry.Segment, entry.Offset, BlockCodec.Encode(entry.Block));
            Take(entry, p => p with { SetAside = p.SetAside + entry.Rows });
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var segment in _segments) segment.Dispose();
            _position.Dispose();
        }
    }

    private void Find()
    {
        var files = Directory.GetFiles(_folder, "*" + Segment.Extension)
            .Select(path => (Path: path, Number: long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0))
            .Where(f => f.Number > 0).OrderBy(f => f.Number).ToList();
        foreach (var (path, number) in files)
        {
            var isLast = number == files[^1].Number;
            _lastNumber = Math.Max(_lastNumber, number);
            if (number < _position.Position.Segment) File.Delete(path);
            else if (Segment.Open(path, number, checkLast: isLast) is { } segment) Adopt(segment, isLast);
            else if (isLast && new FileInfo(path).Length <= Segment.HeaderSize) File.Delete(path);   // it was just being made
            else MoveAway(path);
        }

        if (_segments.First?.Value is not { } first) return;
        if (first.Before(OffsetIn(first)) is { } passed) _passed = passed;
        else _position.Write(_position.Position with { Segment = first.Number, Offset = 0 });
        _ = Next();
        _taken = null;
    }

    private void Adopt(Segment segment, bool isLast)
    {
        if (isLast && segment.Rest > 0) segment.CutRest();
        _segments.AddLast(segment);
    }

    private long OffsetIn(Segment segment) => segment.Number == _position.Position.Segment ? Math.Max(Segment.HeaderSize, _position.Position.Offset) : Segment.HeaderSize;

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

        Keep(_damaged, segment.Number, offset, bytes);
        return null;
    }

    private void Take(SpoolEntry entry, Func<SpoolPosition, SpoolPosition> count)
    {
        lock (_lock)
        {
            _taken = null;
            if (_segments.First?.Value is { } first && first.Number == entry.Segment && OffsetIn(first) == entry.Offset) Pass(first, entry.Next, entry.Rows, count);
            else _position.Write(count(_position.Position));
            _oldest = _segments.First?.Value is { } head && head.TryReadHeader(OffsetIn(head), out var header) ? header.At : null;
        }
    }

    private void Pass(Segment segment, long next, int rows, Func<SpoolPosition, SpoolPosition> count)
    {
        _passed = (_passed.Blocks + 1, _passed.Rows + rows);
        _position.Write(count(_position.Position) with { Segment = segment.Number, Offset = next });
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
        Remove(segment, p => p with { SetAside = p.SetAside + rows }, () => MoveAway(segment.Path));
    }

    private void MoveAway(string path)
    {
        _damagedSegments++;
        _damaged.Move(path);
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
        _position.Write(count(_position.Position) with { Segment = segment.Number + 1, Offset = 0 });
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

    private static void Keep(SetAside folder, long segment, long offset, byte[] bytes)
    {
        try
        {
            folder.Write(string.Create(CultureInfo.InvariantCulture, $"{segment:D10}-{offset:D8}.block"), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No room to keep it: it is counted, and must not hold up what follows.
        }
    }
}

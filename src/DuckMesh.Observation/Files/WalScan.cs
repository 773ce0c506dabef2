using System.Buffers.Binary;

namespace DuckMesh.Observation.Files;

/// <summary>
/// Goes through a write-ahead log piece by piece and counts its commits. The first record is bare: fields 100 (type 98), 101 (version), from storage version 67
/// on 102 (database identifier) and 103 (iteration). Then frames: u64 size, u64 checksum, payload; a payload begins with field 100, the type of its one record.
/// Pure: no file is touched.
/// </summary>
internal struct WalScan
{
    /// <summary>A window of this size lets the scan go on, wherever it stands.</summary>
    public const int SmallestWindow = 256;

    private const int FrameHead = 16;
    private const int SmallestPayload = 5;              // 64 00 <type> ff ff
    private const long LargestPayload = 1L << 40;       // an index of a terabyte in one record
    private const ulong RecordHead = 48;                 // enough of a payload for its type and a marker's pointer
    private const int LongestFirstRecord = 128;

    private const ulong PlainVersion = 2;
    private const byte VersionRecord = 98;
    private const byte CheckpointRecord = 99;
    private const byte FlushRecord = 100;

    private long _frameLeft;
    private ulong _checksum;
    private ulong _expected;
    private byte _type;
    private ulong _pointer;
    private bool _afterMarker;
    private long _flushedOffset;
    private ulong? _flushedRoot;

    /// <summary>How far it came.</summary>
    public long Offset { get; private set; }

    public long Commits { get; private set; }

    /// <summary>
    /// The catalog pointer that a checkpoint noted here before it wrote its header; null when none was begun. If the header has this pointer, the log is obsolete.
    /// </summary>
    public ulong? CheckpointRoot { get; private set; }

    public WalScanState State { get; private set; }

    /// <summary>It stands behind the last commit: nothing before it can be taken back.</summary>
    public readonly bool AtCommit => Offset == _flushedOffset;

    /// <summary>Goes back to the last commit: what came after it may have been cut off and written anew, as DuckDB does when a commit fails.</summary>
    public void Rewind()
    {
        Offset = _flushedOffset;
        CheckpointRoot = _flushedRoot;
        State = Offset == 0 ? WalScanState.AtStart : WalScanState.InFrames;
        _frameLeft = 0;
        _afterMarker = false;
    }

    /// <param name="window">The log from <see cref="Offset"/> on: at least <see cref="SmallestWindow"/> bytes, or all that is left.</param>
    /// <param name="left">How many bytes the log has from there on.</param>
    /// <returns>How many bytes it went on. 0: the rest is incomplete, or the state is an end state.</returns>
    public int Consume(ReadOnlySpan<byte> window, long left)
    {
        var done = 0;
        while (done < window.Length && State is WalScanState.AtStart or WalScanState.InFrames)
        {
            var rest = window[done..];
            var inFrame = _frameLeft > 0;
            var step = State == WalScanState.AtStart ? ReadFirstRecord(rest)
                : inFrame ? ReadPayload(rest)
                : ReadFrameHead(rest, left - done);
            if (step == 0) break;
            done += step;
            Offset += step;
            if (inFrame && _frameLeft == 0) EndFrame();
        }

        return done;
    }

    private int ReadFirstRecord(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestFirstRecord) bytes = bytes[..LongestFirstRecord];
        var fields = new Fields(bytes);
        var version = 0UL;
        var isLog = fields.Field(100) && fields.Varint(out var type) && type == VersionRecord && fields.Field(101) && fields.Varint(out version);
        if (isLog && version != PlainVersion)
        {
            State = WalScanState.Opaque;
            return 0;
        }

        if (isLog && fields.Field(102))
        {
            isLog = fields.Varint(out var count);
            for (ulong i = 0; isLog && i < count; i++) isLog = fields.Varint(out _);
        }

        if (isLog && fields.Field(103)) isLog = fields.Varint(out _);
        if (isLog && fields.Field(0xffff))
        {
            State = WalScanState.InFrames;
            _flushedOffset = fields.Position;
            return fields.Position;
        }

        if (!fields.RanOut || bytes.Length == LongestFirstRecord) State = WalScanState.Damaged;
        return 0;
    }

    // Nothing of a frame is taken before the whole of it is in the file: it may yet be cut off and written anew.
    private int ReadFrameHead(ReadOnlySpan<byte> bytes, long left)
    {
        if (bytes.Length < FrameHead) return 0;
        var size = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var payload = bytes[FrameHead..];
        if (size is < SmallestPayload or > LargestPayload || (payload.Length >= 2 && !payload[..2].SequenceEqual(Fields.RecordType)))
        {
            State = WalScanState.Damaged;
            return 0;
        }

        var whole = left - FrameHead >= (long)size;
        var head = (int)Math.Min(size, RecordHead);
        if (!whole || payload.Length < head) return 0;
        _expected = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _checksum = Checksum.Seed;
        _frameLeft = (long)size;
        _type = payload[2];
        _pointer = _type == CheckpointRecord ? ReadMarker(payload[3..head]) : 0;
        return FrameHead;
    }

    private int ReadPayload(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < _frameLeft)
        {
            var words = bytes.Length & ~7;
            _checksum = Checksum.AddWords(_checksum, bytes[..words]);
            _frameLeft -= words;
            return words;
        }

        var last = bytes[..(int)_frameLeft];
        var whole = last.Length & ~7;
        _checksum = Checksum.AddTail(Checksum.AddWords(_checksum, last[..whole]), last[whole..]);
        _frameLeft = 0;
        return last.Length;
    }

    private void EndFrame()
    {
        if (_checksum != _expected)
        {
            State = WalScanState.Damaged;
            return;
        }

        switch (_type)
        {
            case CheckpointRecord:
                CheckpointRoot = _pointer;
                _afterMarker = true;
                break;
            case FlushRecord:
                // The marker of a checkpoint has a flush of its own, which is no commit.
                if (!_afterMarker) Commits++;
                _afterMarker = false;
                _flushedOffset = Offset;
                _flushedRoot = CheckpointRoot;
                break;
            default:
                _afterMarker = false;
                break;
        }
    }

    // Field 101: an object whose field 100 is the pointer.
    private static ulong ReadMarker(ReadOnlySpan<byte> bytes)
    {
        var fields = new Fields(bytes);
        return fields.Field(101) && fields.Field(100) && fields.Varint(out var pointer) ? pointer : DatabaseHeader.NoBlock;
    }

    /// <summary>Fields as DuckDB's binary serializer writes them: u16 number, then a value; numbers are LEB128; 0xffff ends an object.</summary>
    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public static ReadOnlySpan<byte> RecordType => [100, 0];

        public int Position { get; private set; }

        public bool RanOut { get; private set; }

        public bool Field(ushort number)
        {
            if (_bytes.Length - Position < 2)
            {
                RanOut = true;
                return false;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(_bytes[Position..]) != number) return false;
            Position += 2;
            return true;
        }

        public bool Varint(out ulong value)
        {
            value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (Position == _bytes.Length)
                {
                    RanOut = true;
                    return false;
                }

                var b = _bytes[Position++];
                value |= (ulong)(b & 0x7f) << shift;
                if ((b & 0x80) == 0) return true;
            }

            return false;
        }
    }
}

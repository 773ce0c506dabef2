using System.Buffers.Binary;

namespace DuckMesh.History.Spool;

/// <summary>What stands before each block in a segment. It has a checksum of its own, so that a block whose bytes are damaged can be passed over.</summary>
/// <param name="Length">Of the block's bytes, which follow.</param>
/// <param name="Rows">Of the block, so that they can be counted without reading it.</param>
/// <param name="At">When the block was made.</param>
/// <param name="Checksum">CRC-32C of the block's bytes.</param>
internal readonly record struct RecordHeader(int Length, int Rows, DateTimeOffset At, uint Checksum)
{
    // Little endian: mark, length, rows, time in Unix ms (8 bytes), checksum of the block, checksum of all before.
    public const int Size = 28;

    private const uint Mark = 0x3152_4D44;   // DMR1

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Rows);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[12..], At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Crc32C.Of(bytes[..24]));
    }

    /// <summary>False: these bytes are no header, or damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) != Crc32C.Of(bytes[..24])) return false;
        var (length, rows, at) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]));
        if (length < 0 || rows < 0 || at < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || at > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        header = new RecordHeader(length, rows, DateTimeOffset.FromUnixTimeMilliseconds(at), BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]));
        return true;
    }
}

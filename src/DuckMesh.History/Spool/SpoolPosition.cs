using System.Buffers.Binary;

namespace DuckMesh.History.Spool;

/// <summary>How far the spool is delivered, and what became of all rows that it ever took.</summary>
/// <param name="Segment">The next block to deliver is in this segment, or in the first one after it.</param>
/// <param name="Offset">Where its record begins; 0: at the segment's first.</param>
/// <param name="Stored">Rows that the store has.</param>
/// <param name="Dropped">Rows that were given up because the spool was full.</param>
/// <param name="SetAside">Rows that can't be stored: refused by the store, or damaged on the disk.</param>
internal readonly record struct SpoolPosition(long Segment, long Offset, long Stored, long Dropped, long SetAside)
{
    // Little endian: mark and version, counter, the five numbers, checksum of all before.
    private const int Size = (7 * sizeof(long)) + sizeof(uint);

    private static readonly long Mark = BinaryPrimitives.ReadInt64LittleEndian("DMSPLPOS"u8);

    public void Write(Span<byte> bytes, long counter)
    {
        ReadOnlySpan<long> numbers = [Mark, counter, Segment, Offset, Stored, Dropped, SetAside];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], numbers[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(Size - sizeof(uint))..], Crc32C.Of(bytes[..(Size - sizeof(uint))]));
    }

    /// <summary>False: these bytes are no position, or damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SpoolPosition position, out long counter)
    {
        (position, counter) = (default, 0);
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Size - sizeof(uint))..]) != Crc32C.Of(bytes[..(Size - sizeof(uint))])) return false;
        Span<long> numbers = stackalloc long[7];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        if (numbers[0] != Mark) return false;
        counter = numbers[1];
        position = new SpoolPosition(numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
        return true;
    }
}

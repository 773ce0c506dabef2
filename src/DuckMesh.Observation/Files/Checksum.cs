using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Files;

/// <summary>
/// The checksum that DuckDB puts on header pages, blocks and frames of the log (its <c>checksum.cpp</c>): words times a constant, XORed; the last bytes through
/// a small Murmur hash. It shows that bytes are not torn, not that they belong where they stand.
/// </summary>
internal static class Checksum
{
    public const ulong Seed = 5381;
    private const ulong Factor = 0xbf58476d1ce4e5b9;
    private const ulong TailFactor = 0xc6a4a7935bd1e995;
    private const ulong TailSeed = 0xe17a1465;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var whole = bytes.Length & ~7;
        return AddTail(AddWords(Seed, bytes[..whole]), bytes[whole..]);
    }

    /// <summary>Goes on with whole words; the length is a multiple of 8.</summary>
    public static ulong AddWords(ulong checksum, ReadOnlySpan<byte> bytes)
    {
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < bytes.Length; i += 8) checksum ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]) * Factor;
            return checksum;
        }

        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) checksum ^= word * Factor;
        return checksum;
    }

    /// <summary>Ends with the 0 to 7 bytes that are left over.</summary>
    public static ulong AddTail(ulong checksum, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return checksum;
        var hash = TailSeed ^ ((ulong)bytes.Length * TailFactor);
        ulong last = 0;
        for (var i = 0; i < bytes.Length; i++) last |= (ulong)bytes[i] << (8 * i);
        hash = (hash ^ last) * TailFactor;
        hash ^= hash >> 47;
        hash *= TailFactor;
        hash ^= hash >> 47;
        return checksum ^ hash;
    }
}

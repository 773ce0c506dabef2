using DuckMesh.History.Blocks;

namespace DuckMesh.History.Spool;

/// <summary>
/// The binary form of a block: a version byte, a table of its strings, its id, a table of its series, its samples as steps from the sample before and from the
/// series' last value (most take 2 to 4 bytes), its events. It is damaged or cut bytes that are read back after a crash, so nothing in them is trusted.
/// </summary>
public static class BlockCodec
{
    /// <summary>Of what is written. A changed layout is a new version; an old one stays readable, because a spool outlives an update.</summary>
    public const byte Version = 1;

    public static byte[] Encode(HistoryBlock block) => new BlockEncoder().Encode(block);

    /// <exception cref="InvalidDataException">These bytes are no block, with one line why. No bytes make it throw another, or take more memory than a small multiple of their length.</exception>
    public static HistoryBlock Decode(ReadOnlySpan<byte> bytes) => new BlockDecoder(bytes).Decode();
}

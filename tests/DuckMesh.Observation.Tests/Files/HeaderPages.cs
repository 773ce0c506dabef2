using System.Buffers.Binary;
using System.Text;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>Header pages made by hand, and their checksums put right again after a change.</summary>
internal static class HeaderPages
{
    public static byte[] Make(
        ulong version = 64,
        ulong flags = 0,
        ulong iteration = 7,
        ulong otherIteration = 6,
        ulong metaBlock = 0,
        ulong freeList = ulong.MaxValue,
        ulong blockCount = 3,
        ulong blockBytes = 16384)
    {
        var pages = new byte[DatabaseHeader.Bytes];
        "DUCK"u8.CopyTo(pages.AsSpan(8));
        Set(pages, 12, version);
        Set(pages, 20, flags);
        Encoding.ASCII.GetBytes("v1.5.6").CopyTo(pages, 52);
        for (var i = 0; i < 16; i++) pages[124 + i] = (byte)(version >= 67 ? 0xa0 + i : 0);
        foreach (var (page, itsIteration) in new[] { (4096, iteration), (8192, otherIteration) })
        {
            Set(pages, page + 8, itsIteration);
            Set(pages, page + 16, metaBlock);
            Set(pages, page + 24, freeList);
            Set(pages, page + 32, blockCount);
            Set(pages, page + 40, blockBytes);
            Set(pages, page + 48, 2048);
            Set(pages, page + 56, 1);
        }

        Seal(pages);
        return pages;
    }

    public static void Set(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);

    public static ulong Get(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    public static void Seal(Span<byte> pages)
    {
        for (var page = 0; page + 4096 <= pages.Length && page < DatabaseHeader.Bytes; page += 4096) Set(pages, page, Checksum.Of(pages.Slice(page + 8, 4088)));
    }
}

using System.Buffers.Binary;
using System.Globalization;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>
/// The list of free blocks that the last checkpoint wrote: a chain of parts of blocks, each a pointer to the next part and then a piece of one stream: the count,
/// and as many block ids. (What follows, blocks of several uses and the free parts of metadata blocks, is not needed.)
/// </summary>
/// <param name="Count">Free blocks.</param>
/// <param name="BlocksNeeded">The file must have at least this many: the free blocks at its end may have been cut off.</param>
internal readonly record struct FreeList(long Count, long BlocksNeeded)
{
    /// <summary>8 MiB of parts at the default block size: the ids of a million free blocks. What lies behind is not checked; the count stands at the beginning.</summary>
    public const int MaxParts = 2048;

    private const int PartsInBlock = 64;
    private const int LargestPart = ((DatabaseHeader.DefaultBlock - 8) / PartsInBlock) & ~7;

    /// <summary>
    /// Null, and why, when the list contradicts itself or the header. A checkpoint may have reused its blocks while we read: look whether the header is still the same.
    /// </summary>
    public static FreeList? Read(in PosixFile file, in DatabaseHeader header, out string? reason)
    {
        reason = null;
        if (header.FreeList == DatabaseHeader.NoBlock) return new FreeList(0, header.BlockCount);
        var partBytes = ((header.BlockBytes - 8) / PartsInBlock) & ~7;
        Span<byte> part = stackalloc byte[LargestPart];
        part = part[..partBytes];

        long? count = null;
        long left = 0;
        var tail = new FreeTail();
        var pointer = header.FreeList;
        var anchor = pointer;
        for (var parts = 1; parts <= MaxParts; parts++)
        {
            if ((reason = Check(pointer, header)) is not null) return null;
            var offset = DatabaseHeader.Bytes + (DatabaseHeader.BlockOf(pointer) * header.BlockBytes) + 8 + ((long)DatabaseHeader.PartOf(pointer) * partBytes);
            if (file.Read(part, offset, out var error) < partBytes)
            {
                reason = error != 0 ? FileFault.OfError(error).Describe() : Text($"its free list leads to byte {offset}, past the end of the file");
                return null;
            }

            var next = BinaryPrimitives.ReadUInt64LittleEndian(part);
            var ids = part[8..];
            if (count is null)
            {
                var stated = BinaryPrimitives.ReadUInt64LittleEndian(ids);
                if (stated > (ulong)header.BlockCount)
                {
                    reason = Text($"its free list claims {stated} blocks, the file has {header.BlockCount}");
                    return null;
                }

                count = left = (long)stated;
                ids = ids[8..];
            }

            for (; left > 0 && ids.Length >= 8; ids = ids[8..], left--)
            {
                var id = BinaryPrimitives.ReadUInt64LittleEndian(ids);
                if (id >= (ulong)header.BlockCount)
                {
                    reason = Text($"its free list names block {id}, the file has {header.BlockCount}");
                    return null;
                }

                tail.Add((long)id);
            }

            if (left == 0) return new FreeList(count.Value, tail.BlocksNeeded(header.BlockCount, count.Value));
            if (next == anchor || next == pointer)
            {
                reason = "its free list runs in a circle";
                return null;
            }

            // Brent: the anchor moves on at each power of two, so any circle is noticed after a few rounds, without a list of what was seen.
            if ((parts & (parts - 1)) == 0) anchor = next;
            pointer = next;
        }

        return new FreeList(count!.Value, header.BlockCount - count.Value);
    }

    private static string? Check(ulong pointer, in DatabaseHeader header) =>
        pointer == DatabaseHeader.NoBlock ? "its free list ends early"
        : DatabaseHeader.BlockOf(pointer) >= header.BlockCount ? Text($"its free list leads to block {DatabaseHeader.BlockOf(pointer)}, the file has {header.BlockCount}")
        : DatabaseHeader.PartOf(pointer) >= PartsInBlock ? Text($"its free list leads to part {DatabaseHeader.PartOf(pointer)} of a block, which has {PartsInBlock}")
        : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Finds the free blocks at the end of the file. DuckDB writes the ids in ascending order; were they not, only their number says something.</summary>
    private struct FreeTail()
    {
        private long _last = -1;
        private long _start = -1;
        private bool _unordered;

        public void Add(long id)
        {
            _unordered |= id <= _last;
            if (id != _last + 1 || _start < 0) _start = id;
            _last = id;
        }

        public readonly long BlocksNeeded(long blockCount, long free) => _unordered ? blockCount - free : _last == blockCount - 1 && _start >= 0 ? _start : blockCount;
    }
}

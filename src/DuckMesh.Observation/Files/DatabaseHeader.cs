using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using DuckMesh.Model.Readings;

namespace DuckMesh.Observation.Files;

/// <summary>
/// The header pages of a DuckDB file, as DuckDB 1.5.6 writes them: the main one at 0, the two database headers at 4096 and 8192, of which the one with the larger
/// iteration is active (the second when they are equal: never checkpointed). Little endian. Each page begins with the checksum of its other bytes.
/// </summary>
/// <param name="MainChecksum">Of the first page; with <paramref name="ActiveChecksum"/> it tells one state of the file from another.</param>
/// <param name="Iteration">Checkpoints since the file was made.</param>
/// <param name="MetaBlock">Pointer to the catalog's first block, or <see cref="NoBlock"/>.</param>
/// <param name="FreeList">Pointer to the free list, or <see cref="NoBlock"/>.</param>
/// <param name="BlockCount">Blocks that were ever handed out; the file may be shorter (its free tail cut off) or longer.</param>
internal readonly record struct DatabaseHeader(
    int StorageVersion, bool Encrypted, ulong MainChecksum, ulong ActiveChecksum, ulong Iteration, ulong MetaBlock, ulong FreeList, long BlockCount, int BlockBytes)
{
    public const int PageBytes = 4096;
    public const int Bytes = 3 * PageBytes;
    public const ulong NoBlock = ulong.MaxValue;

    /// <summary>What DuckDB 1.5.6 reads.</summary>
    public const int OldestVersion = 64;
    public const int NewestVersion = 68;

    public const int SmallestBlock = 16 * 1024;
    public const int DefaultBlock = 256 * 1024;

    private const int DatabaseIdentifierSince = 67;

    /// <summary>A checkpoint a millisecond for 30,000 years.</summary>
    private const ulong LargestIteration = 1_000_000_000_000_000;

    /// <summary>Four exabytes of default blocks: no file offset overflows.</summary>
    private const ulong LargestBlockCount = 1UL << 44;

    public static HeaderVerdict Parse(ReadOnlySpan<byte> pages, out DatabaseHeader header, out string? reason)
    {
        header = default;
        if (pages.Length >= 12 && !pages[8..12].SequenceEqual("DUCK"u8))
        {
            reason = "is not a DuckDB database: its first bytes are not those of one";
            return HeaderVerdict.Foreign;
        }

        if (pages.Length < Bytes)
        {
            reason = pages.IsEmpty
                ? "is empty: its owner has not written it yet, or it was cut off"
                : Text($"is too short for a DuckDB database ({pages.Length} bytes, the headers alone have {Bytes}): it was cut off, or its owner is only just making it");
            return HeaderVerdict.TooShort;
        }

        var main = pages[..PageBytes];
        var version = Word(main, 12);
        if (!IsIntact(main))
        {
            reason = version is >= OldestVersion and <= NewestVersion
                ? "has a damaged header: its first page fails its checksum; restore the database from a copy"
                : Text($"has a damaged header: its first page fails its checksum and names storage version {version}; restore the database from a copy");
            return HeaderVerdict.Torn;
        }

        if (version is < OldestVersion or > NewestVersion)
        {
            reason = version > NewestVersion
                ? Text($"has storage version {version}, newer than what this release reads ({OldestVersion} to {NewestVersion}): upgrade DuckMesh")
                : Text($"has storage version {version}, older than what this release reads ({OldestVersion} to {NewestVersion}): export it with its own DuckDB, import it again");
            return HeaderVerdict.Unsupported;
        }

        header = new DatabaseHeader { StorageVersion = (int)version, Encrypted = (Word(main, 20) & 1) != 0, MainChecksum = Word(main, 0) };
        reason = null;

        // The other two pages of an encrypted file are ciphertext.
        return header.Encrypted ? HeaderVerdict.Valid : ParseActive(pages, ref header, out reason);
    }

    /// <summary>What people may see of it.</summary>
    /// <param name="pages">Those that were parsed.</param>
    /// <param name="known">The reading of an earlier state: its texts are used again.</param>
    public HeaderReading Describe(ReadOnlySpan<byte> pages, in DatabaseHeader earlier, HeaderReading? known)
    {
        ulong? iteration = Encrypted ? null : Iteration;
        if (known is not null && earlier.MainChecksum == MainChecksum) return known.Iteration == iteration ? known : known with { Iteration = iteration };
        var identifier = StorageVersion >= DatabaseIdentifierSince ? Convert.ToHexStringLower(pages.Slice(124, 16)) : null;
        return new HeaderReading(StorageVersion, LibraryVersion(pages.Slice(52, 32)), Encrypted, iteration, identifier);
    }

    private static HeaderVerdict ParseActive(ReadOnlySpan<byte> pages, ref DatabaseHeader header, out string? reason)
    {
        var first = pages.Slice(PageBytes, PageBytes);
        var second = pages.Slice(2 * PageBytes, PageBytes);

        // DuckDB refuses a file when either is damaged, so the good one of two is not good enough.
        if (!IsIntact(first) || !IsIntact(second))
        {
            var offset = IsIntact(first) ? 2 * PageBytes : PageBytes;
            reason = Text($"has a damaged header: its page at {offset} fails its checksum; DuckDB will not open it, restore the database from a copy");
            return HeaderVerdict.Torn;
        }

        var page = Word(first, 8) > Word(second, 8) ? first : second;
        var iteration = Word(page, 8);
        var blockBytes = Word(page, 40) is var bytes and not 0 ? bytes : DefaultBlock;
        var blockCount = Word(page, 32);
        var metaBlock = Word(page, 16);
        var freeList = Word(page, 24);
        reason = iteration > LargestIteration ? Absurd("iteration", iteration)
            : blockBytes is < SmallestBlock or > DefaultBlock || !BitOperations.IsPow2(blockBytes) ? Absurd("block size", blockBytes)
            : blockCount > LargestBlockCount ? Absurd("block count", blockCount)
            : metaBlock != NoBlock && BlockOf(metaBlock) >= (long)blockCount ? Absurd("catalog pointer", metaBlock)
            : freeList != NoBlock && BlockOf(freeList) >= (long)blockCount ? Absurd("free list pointer", freeList)
            : null;
        if (reason is not null) return HeaderVerdict.Absurd;
        header = header with
        {
            ActiveChecksum = Word(page, 0),
            Iteration = iteration,
            MetaBlock = metaBlock,
            FreeList = freeList,
            BlockCount = (long)blockCount,
            BlockBytes = (int)blockBytes,
        };
        return HeaderVerdict.Valid;
    }

    /// <summary>The block of a pointer: its low 56 bits; the high 8 are the part of the block.</summary>
    public static long BlockOf(ulong pointer) => (long)(pointer & 0x00ff_ffff_ffff_ffff);

    public static int PartOf(ulong pointer) => (int)(pointer >> 56);

    private static bool IsIntact(ReadOnlySpan<byte> page) => Checksum.Of(page[8..]) == Word(page, 0);

    private static ulong Word(ReadOnlySpan<byte> page, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]);

    // Empty when it is no plain text: it goes into labels.
    private static string LibraryVersion(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        if (end >= 0) field = field[..end];
        return field.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e) ? "" : Encoding.ASCII.GetString(field);
    }

    private static string Absurd(string field, ulong value) => Text($"has a damaged header: its {field} is {value}; restore the database from a copy");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

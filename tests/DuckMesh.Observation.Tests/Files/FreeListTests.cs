using System.Diagnostics;
using CsCheck;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;
using Microsoft.Win32.SafeHandles;

namespace DuckMesh.Observation.Tests.Files;

public sealed class FreeListTests : IDisposable
{
    private const int BlockBytes = 16384;
    private const int PartBytes = 248;      // floor8((16384 - 8) / 64)
    private const int Blocks = 3;

    private readonly TestFolder _folder = new();
    private readonly SafeFileHandle _writer;
    private readonly PosixFile _file;

    public FreeListTests()
    {
        var path = _folder["list.duckdb"];
        _writer = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(_writer, DatabaseHeader.Bytes + (Blocks * BlockBytes));
        var zeroEnded = ProbePath.Create(path)!.With([]);
        Assert.Equal(default, PosixFile.Open(zeroEnded, FileStatus.Of(zeroEnded, true, out _), new OwnDatabases(), out _file));
    }

    public void Dispose()
    {
        _file.Dispose();
        _writer.Dispose();
        _folder.Dispose();
    }

    private long? Count(DatabaseHeader header, out string? reason) => FreeList.Read(_file, header, out reason)?.Count;

    private static ulong Pointer(int block, int part) => ((ulong)part << 56) | (uint)block;

    private static DatabaseHeader Header(ulong freeList, long blockCount = 1000) => new(64, false, 1, 2, 3, 0, freeList, blockCount, BlockBytes);

    private void Part(int block, int part, params ulong[] words)
    {
        var bytes = new byte[PartBytes];
        for (var i = 0; i < words.Length && i < PartBytes / 8; i++) HeaderPages.Set(bytes, 8 * i, words[i]);
        RandomAccess.Write(_writer, bytes, DatabaseHeader.Bytes + (block * BlockBytes) + 8 + (part * PartBytes));
    }

    // 31 words in a part, the first the pointer: 29 ids in the first part, 30 in each later one.
    private void Chain(int ids)
    {
        var words = new List<ulong> { (ulong)ids };
        for (var i = 0; i < ids; i++) words.Add((ulong)(i + 1));
        var parts = words.Chunk(30).ToArray();
        for (var i = 0; i < parts.Length; i++) Part(i / 64, i % 64, [i + 1 < parts.Length ? Pointer((i + 1) / 64, (i + 1) % 64) : ulong.MaxValue, .. parts[i]]);
    }

    [Fact]
    public void No_list_is_no_free_block() => Assert.Equal(0, Count(Header(ulong.MaxValue), out _));

    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(900)]
    public void A_list_is_followed_through_as_many_parts_as_it_has(int ids)
    {
        Chain(ids);
        Assert.Equal(ids, Count(Header(Pointer(0, 0)), out var reason));
        Assert.Null(reason);
    }

    [Theory]
    [InlineData(new ulong[] { 1, 2, 7, 8, 9 }, 10, 7)]
    [InlineData(new ulong[] { 1, 2, 7, 8 }, 10, 10)]
    [InlineData(new ulong[] { 0, 1, 2 }, 3, 0)]
    [InlineData(new ulong[] { 9, 8, 7, 2 }, 10, 6)]
    public void Free_blocks_at_the_end_need_not_be_in_the_file(ulong[] ids, long blocks, long needed)
    {
        Part(0, 0, [ulong.MaxValue, (ulong)ids.Length, .. ids]);
        Assert.Equal(new FreeList(ids.Length, needed), FreeList.Read(_file, Header(Pointer(0, 0), blocks), out _));
    }

    [Fact]
    public void A_circle_is_noticed()
    {
        Part(0, 0, Pointer(0, 1), 900, 1, 2);
        Part(0, 1, Pointer(0, 2));
        Part(0, 2, Pointer(0, 1));
        Assert.Null(Count(Header(Pointer(0, 0)), out var reason));
        Assert.Contains("circle", reason, StringComparison.Ordinal);
        Part(0, 1, Pointer(0, 1));
        Assert.Null(Count(Header(Pointer(0, 0)), out reason));
        Assert.Contains("circle", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_above_the_number_of_blocks_is_refused()
    {
        Part(0, 0, ulong.MaxValue, ulong.MaxValue);
        Assert.Null(Count(Header(Pointer(0, 0)), out var reason));
        Assert.Contains("claims 18446744073709551615 blocks", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_out_of_range_is_refused()
    {
        Part(0, 0, ulong.MaxValue, 2, 5, 1000);
        Assert.Null(Count(Header(Pointer(0, 0)), out var reason));
        Assert.Contains("names block 1000", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_ends_before_its_count_is_refused()
    {
        Part(0, 0, ulong.MaxValue, 100);
        Assert.Null(Count(Header(Pointer(0, 0)), out var reason));
        Assert.Contains("ends early", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 0, "past the end of the file")]
    [InlineData(1000, 0, "leads to block 1000")]
    [InlineData(0, 64, "leads to part 64")]
    public void A_pointer_to_nowhere_is_refused(int block, int part, string word)
    {
        Assert.Null(Count(Header(Pointer(block, part)), out var reason));
        Assert.Contains(word, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_longer_than_the_bound_is_taken_at_its_word()
    {
        const int parts = FreeList.MaxParts + 100;
        RandomAccess.SetLength(_writer, DatabaseHeader.Bytes + (((parts / 64) + 1L) * BlockBytes));
        for (var i = 0; i < parts; i++) Part(i / 64, i % 64, Pointer((i + 1) / 64, (i + 1) % 64), i == 0 ? parts * 30UL : 1UL);
        Part((FreeList.MaxParts + 1) / 64, (FreeList.MaxParts + 1) % 64, ulong.MaxValue);
        Assert.Equal(parts * 30, Count(Header(Pointer(0, 0), parts * 30), out var reason));
        Assert.Null(reason);
    }

    [Fact]
    public void A_hundred_thousand_random_lists_end_with_a_count_or_a_reason()
    {
        var pointer = Gen.OneOf(Gen.Select(Gen.Int[0, Blocks], Gen.Int[0, 66], Pointer), Gen.Const(ulong.MaxValue), Gen.Const(Pointer(0, 0)), Gen.ULong);
        var word = Gen.Frequency((8, Gen.ULong[0, 70]), (1, Gen.ULong));
        var part = Gen.Select(Gen.Int[0, 2], pointer, word, word, word);
        var (lists, counted) = (0, 0);
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Gen.Select(Gen.Long[0, 100], Gen.Int[0, 2].Select(p => Pointer(0, p)), part.Array[1, 3]).Sample(
            (blockCount, first, parts) =>
            {
                lists++;
                foreach (var (at, next, a, b, c) in parts) Part(0, at, next, a, b, c);
                var count = Count(Header(first, blockCount), out var reason);
                Assert.Equal(count is null, reason is not null);
                Assert.InRange(count ?? 0, 0, blockCount);
                if (count > 0) counted++;
            },
            iter: 100_000,
            threads: 1);
        Assert.True(lists >= 100_000);
        Assert.InRange(counted, 1_000, lists);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), "a list must not be able to hold its reader");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000 * 20_000L);
    }
}

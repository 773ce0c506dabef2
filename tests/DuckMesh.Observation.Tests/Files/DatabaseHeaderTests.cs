using CsCheck;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

public sealed class DatabaseHeaderTests
{
    private static HeaderVerdict Parse(byte[] pages, out DatabaseHeader header, out string? reason) => DatabaseHeader.Parse(pages, out header, out reason);

    [Fact]
    public void The_page_with_the_larger_iteration_is_active()
    {
        Assert.Equal(HeaderVerdict.Valid, Parse(HeaderPages.Make(iteration: 9, otherIteration: 8), out var first, out _));
        Assert.Equal(HeaderVerdict.Valid, Parse(HeaderPages.Make(iteration: 8, otherIteration: 9), out var second, out _));
        Assert.Equal((9UL, 9UL), (first.Iteration, second.Iteration));
    }

    [Fact]
    public void The_second_page_is_active_when_both_iterations_are_equal()
    {
        var pages = HeaderPages.Make(iteration: 0, otherIteration: 0, blockCount: 1);
        HeaderPages.Set(pages, 8192 + 32, 2);
        HeaderPages.Seal(pages);
        Assert.Equal(HeaderVerdict.Valid, Parse(pages, out var header, out _));
        Assert.Equal(2, header.BlockCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(8192)]
    public void A_page_that_fails_its_checksum_is_torn_whichever_it_is(int page)
    {
        var pages = HeaderPages.Make();
        pages[page + 3000] ^= 1;
        Assert.Equal(HeaderVerdict.Torn, Parse(pages, out _, out var reason));
        Assert.Contains("damaged header", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(67)]
    [InlineData(68)]
    public void Known_versions_are_valid_and_only_the_late_ones_have_an_identifier(int version)
    {
        var pages = HeaderPages.Make(version: (ulong)version);
        Assert.Equal(HeaderVerdict.Valid, Parse(pages, out var header, out _));
        var reading = header.Describe(pages, default, null);
        Assert.Equal(version, reading.StorageVersion);
        Assert.Equal("v1.5.6", reading.CreatedBy);
        Assert.Equal(version >= 67 ? "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf" : null, reading.DatabaseIdentifier);
    }

    [Theory]
    [InlineData(69, "newer")]
    [InlineData(ulong.MaxValue, "newer")]
    [InlineData(63, "older")]
    [InlineData(0, "older")]
    public void An_unknown_version_is_named(ulong version, string word)
    {
        Assert.Equal(HeaderVerdict.Unsupported, Parse(HeaderPages.Make(version: version), out _, out var reason));
        Assert.Contains($"has storage version {version}, {word}", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_encrypted_file_only_the_first_page_is_read()
    {
        var pages = HeaderPages.Make(version: 68, flags: 1);
        new Random(1).NextBytes(pages.AsSpan(4096));
        Assert.Equal(HeaderVerdict.Valid, Parse(pages, out var header, out _));
        var reading = header.Describe(pages, default, null);
        Assert.True(reading.Encrypted);
        Assert.Null(reading.Iteration);
    }

    [Theory]
    [InlineData(8, ulong.MaxValue, "iteration")]
    [InlineData(16, 3UL, "catalog pointer")]
    [InlineData(24, 0x3f_0000_0000_0003UL, "free list pointer")]
    [InlineData(32, ulong.MaxValue, "block count")]
    [InlineData(32, 1UL << 50, "block count")]
    [InlineData(40, 16383UL, "block size")]
    [InlineData(40, 1UL << 40, "block size")]
    [InlineData(40, 20000UL, "block size")]
    public void An_impossible_value_is_named_though_the_checksum_is_right(int offset, ulong value, string field)
    {
        var pages = HeaderPages.Make();
        HeaderPages.Set(pages, 4096 + offset, value);
        HeaderPages.Seal(pages);
        Assert.Equal(HeaderVerdict.Absurd, Parse(pages, out _, out var reason));
        Assert.Contains($"its {field} is {value}", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_size_of_zero_is_the_default() =>
        Assert.Equal((HeaderVerdict.Valid, 262144), (Parse(HeaderPages.Make(blockBytes: 0), out var header, out _), header.BlockBytes));

    [Theory]
    [InlineData(0, "is empty")]
    [InlineData(11, "too short")]
    [InlineData(12, "too short")]
    [InlineData(12287, "too short")]
    public void A_short_file_is_told_from_a_foreign_one(int length, string word)
    {
        Assert.Equal(HeaderVerdict.TooShort, Parse(HeaderPages.Make()[..length], out _, out var reason));
        Assert.Contains(word, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_creator_that_is_no_plain_text_is_left_out()
    {
        var pages = HeaderPages.Make();
        pages[53] = (byte)'"';
        pages[54] = (byte)'\n';
        HeaderPages.Seal(pages);
        Parse(pages, out var header, out _);
        Assert.Equal("", header.Describe(pages, default, null).CreatedBy);
    }

    [Fact]
    public void The_texts_of_a_known_file_are_not_made_again()
    {
        var pages = HeaderPages.Make(version: 68);
        Parse(pages, out var header, out _);
        var reading = header.Describe(pages, default, null);
        Assert.Same(reading, header.Describe(pages, header, reading));
        var later = (header with { Iteration = 8 }).Describe(pages, header, reading);
        Assert.Equal(8UL, later.Iteration);
        Assert.Same(reading.DatabaseIdentifier, later.DatabaseIdentifier);
    }

    /// <summary>Any bytes, from random ones to a real header with one field changed and its checksums put right, so that the checks behind them are reached.</summary>
    [Fact]
    public void A_hundred_thousand_mutated_headers_have_a_verdict_and_a_reason()
    {
        var verdicts = new int[Enum.GetValues<HeaderVerdict>().Length];
        var interesting = Gen.OneOf(
            Gen.ULong,
            Gen.ULong[0, 300],
            Gen.Int[0, 63].Select(bits => 1UL << bits),
            Gen.OneOfConst(ulong.MaxValue, 262144UL),
            Gen.ULong[0, 3].Select(low => (low << 56) | low));
        var place = Gen.OneOf(Gen.Int[0, 12280], Gen.Int[0, 2], Gen.Int[0, 2]);
        var change = Gen.Select(place, Gen.Int[0, 8], interesting, (at, field, value) => (Offset: at < 3 ? (at * 4096) + Field(at, field) : at, value));
        Gen.Select(Gen.Bool, Gen.Frequency((20, Gen.Const(12288)), (1, Gen.Int[0, 12288])), Gen.ULong[64, 68], change.Array[0, 4]).Sample(
            (seal, length, version, changes) =>
            {
                var pages = HeaderPages.Make(version: version);
                foreach (var (offset, value) in changes) HeaderPages.Set(pages, offset, value);
                if (seal) HeaderPages.Seal(pages);
                var verdict = Parse(pages[..length], out var header, out var reason);
                Interlocked.Increment(ref verdicts[(int)verdict]);
                Assert.Equal(verdict == HeaderVerdict.Valid, reason is null);
                if (verdict != HeaderVerdict.Valid) return;
                Assert.InRange(header.StorageVersion, 64, 68);
                Assert.NotNull(header.Describe(pages, default, null).CreatedBy);
                if (!header.Encrypted) Assert.True(header.BlockBytes is >= 16384 and <= 262144 && header.BlockCount is >= 0 and <= 1L << 44);
            },
            iter: 100_000);
        Assert.True(verdicts.Sum() >= 100_000);
        Assert.All(verdicts, count => Assert.True(count > 100));

        static int Field(int page, int field) => page == 0 ? new[] { 8, 12, 20, 52, 84, 116, 124, 12, 20 }[field] : 8 * field;
    }

    [Fact]
    public void Random_bytes_are_no_database() =>
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                Assert.True(Parse(bytes, out _, out var reason) is HeaderVerdict.Foreign or HeaderVerdict.TooShort);
                Assert.NotNull(reason);
            },
            iter: 100_000);
}

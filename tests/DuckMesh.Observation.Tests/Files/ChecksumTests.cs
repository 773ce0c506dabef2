using CsCheck;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

public sealed class ChecksumTests
{
    /// <summary>Frames of a log that DuckDB 1.5.6 wrote: a USE_TABLE of 16 bytes and a FLUSH of 5, which has a tail.</summary>
    [Fact]
    public void It_is_what_DuckDB_wrote()
    {
        Assert.Equal(0xf36ccf8c09371fa0UL, Checksum.Of([0x64, 0, 0x19, 0x65, 0, 4, .. "main"u8, 0x66, 0, 1, (byte)'u', 0xff, 0xff]));
        Assert.Equal(0x5e3ded2f727dfee7UL, Checksum.Of([0x64, 0, 0x64, 0xff, 0xff]));
    }

    [Fact]
    public void Pieces_of_whole_words_give_the_same_as_the_whole() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 25]).Sample((bytes, words) =>
        {
            var cut = Math.Min(words * 8, bytes.Length & ~7);
            var whole = bytes.Length & ~7;
            var sum = Checksum.AddTail(Checksum.AddWords(Checksum.AddWords(Checksum.Seed, bytes.AsSpan(0, cut)), bytes.AsSpan(cut, whole - cut)), bytes.AsSpan(whole));
            Assert.Equal(Checksum.Of(bytes), sum);
        });
}

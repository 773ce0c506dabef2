using System.Text;
using CsCheck;
using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Tests.Databases;

public sealed class FilePathTests
{
    [Theory]
    [InlineData("/data/app.duckdb", "/data/app.duckdb")]
    [InlineData("/data/Größe 数据 🦆.duckdb", "/data/Größe 数据 🦆.duckdb")]
    [InlineData("/a\\b", "/a\\x5cb")]
    [InlineData("/a\nb\tc\u007f", "/a\\x0ab\\x09c\\x7f")]
    [InlineData("/right\u202eto\u2028left", "/right\\xe2\\x80\\xaeto\\xe2\\x80\\xa8left")]
    [InlineData("/\\x41", "/\\x5cx41")]
    public void Text_is_kept_and_what_can_not_be_shown_is_escaped(string name, string text)
    {
        Assert.Equal(text, FilePath.FromBytes(Encoding.UTF8.GetBytes(name)));
        Assert.Equal(Encoding.UTF8.GetBytes(name), FilePath.ToBytes(text));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_escaped_one_by_one()
    {
        byte[] bytes = [(byte)'/', 0xff, 0xc3, (byte)'a', 0xe2, 0x82];
        Assert.Equal("/\\xff\\xc3a\\xe2\\x82", FilePath.FromBytes(bytes));
        Assert.Equal(bytes, FilePath.ToBytes("/\\xff\\xc3a\\xe2\\x82"));
    }

    [Theory]
    [InlineData("/a\\")]
    [InlineData("/a\\x")]
    [InlineData("/a\\x4")]
    [InlineData("/a\\xzz")]
    [InlineData("/a\\n🦆\\")]
    public void A_backslash_that_begins_no_escape_is_itself(string text) => Assert.Equal(Encoding.UTF8.GetBytes(text), FilePath.ToBytes(text));

    [Fact]
    public void Half_a_surrogate_pair_is_refused_rather_than_taken_for_another_path()
    {
        Assert.Throws<EncoderFallbackException>(() => FilePath.ToBytes("/a" + (char)0xd83e));
        Assert.Throws<EncoderFallbackException>(() => FilePath.ToBytes("/a\\x41" + (char)0xd83e + "b"));
    }

    [Fact]
    public void Any_bytes_come_back_and_have_one_text()
    {
        var escapes = Gen.OneOfConst<byte[]>([(byte)'\\'], [.. "\\x41"u8], [.. "\\x"u8], [0xf0, 0x9f, 0xa6, 0x86], [0xed, 0xa0, 0x80]);
        var piece = Gen.OneOf(Gen.Byte.Array[1, 4], Gen.String[1, 4].Select(Encoding.UTF8.GetBytes), escapes);
        piece.Array[0, 12].Select(pieces => pieces.SelectMany(bytes => bytes).ToArray()).Sample(
            bytes =>
            {
                var text = FilePath.FromBytes(bytes);
                Assert.Equal(bytes, FilePath.ToBytes(text));
                Assert.Equal(text, FilePath.FromBytes(FilePath.ToBytes(text)));
                Assert.DoesNotContain(text, char.IsControl);
            },
            iter: 20_000);
    }
}

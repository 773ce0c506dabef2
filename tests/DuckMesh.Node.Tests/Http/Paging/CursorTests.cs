using CsCheck;
using DuckMesh.Node.Http.Paging;

namespace DuckMesh.Node.Tests.Http.Paging;

public sealed class CursorTests
{
    private static readonly Gen<string> Text = Gen.Char['\u0001', '\ud7ff'].Array[0, 40].Select(c => new string(c));

    [Fact]
    public void A_cursor_reads_back_as_it_was() =>
        Gen.Select(Text, Gen.Double.Where(double.IsFinite), Text, Text, Gen.Int[0, 2]).Sample((sort, number, text, id, kind) =>
        {
            var cursor = new Cursor(sort, kind == 0 ? number : null, kind == 1 ? text : null, id);
            Assert.True(Cursor.TryDecode(cursor.Encode(), out var read));
            Assert.Equal(cursor, read);
        });

    [Fact]
    public void Any_other_text_is_no_cursor_and_never_an_exception() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char.AlphaNumeric, 0, 60], Gen.String.Select(s => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(s))))
            .Sample(text => Assert.False(Cursor.TryDecode(text, out _)), iter: 10_000);
}

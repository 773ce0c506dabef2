using CsCheck;
using DuckMesh.Node.Terminal;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("Bücher 本", "Bücher 本")]
    [InlineData("a\u001b[31mb", "a\\u{1b}[31mb")]
    [InlineData("a\r\nb\u0007", "a\\u{d}\\u{a}b\\u{7}")]
    [InlineData("a\u202eb", "a\\u{202e}b")]
    [InlineData("a\u009bb", "a\\u{9b}b")]
    [InlineData(null, "")]
    public void What_a_terminal_would_obey_or_hide_is_written_out(string? text, string shown) => Assert.Equal(shown, SafeText.Of(text));

    [Fact]
    public void No_text_whatever_reaches_the_terminal_with_a_control_character() => Gen.String.Sample(text =>
    {
        Assert.DoesNotContain(SafeText.Of(text), char.IsControl);
        Assert.DoesNotContain(SafeText.Start(text, 10), char.IsControl);
        Assert.DoesNotContain(SafeText.End(text, 10), char.IsControl);
    });

    [Fact]
    public void What_is_cut_fits_into_its_cells_whatever_the_letters() => Gen.Select(Gen.String, Gen.Int[1, 40]).Sample((text, most) =>
    {
        Assert.InRange(SafeText.Width(SafeText.Start(text, most)), 0, most);
        Assert.InRange(SafeText.Width(SafeText.End(text, most)), 0, most);
    });

    [Fact]
    public void A_path_keeps_its_end_and_a_message_its_beginning()
    {
        Assert.Equal("…b.duckdb", SafeText.End("/srv/a/b.duckdb", 9));
        Assert.Equal("the file…", SafeText.Start("the file is gone", 9));
        Assert.Equal("…本本", SafeText.End("本本本本", 6));
        Assert.Equal("本本…", SafeText.Start("本本本本", 6));
    }

    [Fact]
    public void A_long_text_is_broken_at_blanks_and_indented()
    {
        Assert.Equal(["the quick brown fox", "  jumps over the", "  lazy dog"], SafeText.Lines("the quick brown fox jumps over the lazy dog", 20));
        Assert.Equal(["short"], SafeText.Lines("short", 20));
        Assert.Equal([""], SafeText.Lines("", 20));
    }

    [Fact]
    public void Lines_fit_and_lose_nothing() => Gen.Select(Gen.String, Gen.Int[20, 60]).Sample((text, most) =>
    {
        var safe = SafeText.Of(text);
        var lines = SafeText.Lines(safe, most).ToList();
        Assert.All(lines, line => Assert.InRange(SafeText.Width(line), 0, most));
        Assert.Equal(safe.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
    });
}

using System.Globalization;
using System.Text;
using Spectre.Console;

namespace DuckMesh.Node.Terminal;

/// <summary>Names, paths and messages come from outside. What a terminal would obey or hide (escape sequences, line ends, direction marks) is shown as <c>\u{...}</c>.</summary>
internal static class SafeText
{
    private const string Cut = "…";

    /// <summary>Narrower terminals are not drawn for; a line must hold its indent and some letters.</summary>
    private const int NarrowestLine = 20;

    public static string Of(string? text)
    {
        if (text is null) return "";
        if (text.All(c => c is >= ' ' and <= '~')) return text;
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else
                safe.Append(rune.ToString());
        }

        return safe.ToString();
    }

    /// <summary>How many cells of a terminal a safe text takes: a letter may take two, or none.</summary>
    public static int Width(string safe) => safe.GetCellWidth();

    /// <summary>At most so many cells: of a path the end says more than the beginning.</summary>
    public static string End(string? text, int most)
    {
        var safe = Of(text);
        if (Width(safe) <= most) return safe;
        var (from, left) = (safe.Length, most - 1);
        while (from > 0)
        {
            var length = from > 1 && char.IsLowSurrogate(safe[from - 1]) ? 2 : 1;
            left -= Width(safe[(from - length)..from]);
            if (left < 0) break;
            from -= length;
        }

        return Cut + safe[from..];
    }

    /// <summary>At most so many cells, the first ones.</summary>
    public static string Start(string? text, int most)
    {
        var safe = Of(text);
        return Width(safe) <= most ? safe : safe[..Fitting(safe, most - 1)] + Cut;
    }

    /// <summary>A safe text in lines of at most so many cells, broken at blanks where that is possible; all but the first are indented by two more than the first.</summary>
    public static IEnumerable<string> Lines(string safe, int most)
    {
        most = Math.Max(most, NarrowestLine);
        var indent = new string(' ', Math.Min(safe.Length - safe.TrimStart().Length + 2, NarrowestLine / 2));
        while (Width(safe) > most)
        {
            var end = Fitting(safe, most);
            var blank = safe.LastIndexOf(' ', end);
            if (blank > indent.Length) end = blank;
            yield return safe[..end].TrimEnd();
            safe = indent + safe[end..].TrimStart();
        }

        yield return safe;
    }

    /// <summary>How many chars of the text fit into so many cells.</summary>
    private static int Fitting(string safe, int cells)
    {
        var to = 0;
        while (to < safe.Length)
        {
            var length = char.IsHighSurrogate(safe[to]) ? 2 : 1;
            cells -= Width(safe[to..(to + length)]);
            if (cells < 0) break;
            to += length;
        }

        return to;
    }
}

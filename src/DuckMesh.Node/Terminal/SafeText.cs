using System.Globalization;
using System.Text;

namespace DuckMesh.Node.Terminal;

/// <summary>Names, paths and messages come from outside. What a terminal would obey or hide (escape sequences, line ends, direction marks) is shown as <c>\u{...}</c>.</summary>
internal static class SafeText
{
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

    /// <summary>At most so many letters: of a path the end says more than the beginning.</summary>
    public static string End(string? text, int most)
    {
        var safe = Of(text);
        return safe.Length <= most ? safe : "…" + safe[^(most - 1)..];
    }

    /// <summary>At most so many letters, the first ones.</summary>
    public static string Start(string? text, int most)
    {
        var safe = Of(text);
        return safe.Length <= most ? safe : safe[..(most - 1)] + "…";
    }
}

using System.Text;

namespace DuckMesh.History.Blocks;

/// <summary>The canonical text of a series' labels: the same labels always give the same text.</summary>
public static class SeriesLabels
{
    /// <returns><c>k="v",k2="v2"</c>, sorted by name; backslash, quote and line feed are escaped as in Prometheus' text format. Empty for no labels.</returns>
    public static string Text(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            if (text.Length > 0) text.Append(',');
            text.Append(name).Append("=\"");
            foreach (var c in value)
            {
                _ = c switch
                {
                    '\\' => text.Append(@"\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append(@"\n"),
                    _ => text.Append(c),
                };
            }

            text.Append('"');
        }

        return text.ToString();
    }

    /// <summary>The labels of a text that <see cref="Text"/> made; of any other text those before what it would not have made.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parse(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var quote = text.IndexOf("=\"", at, StringComparison.Ordinal);
            if (quote < 0) yield break;
            var value = new StringBuilder();
            var end = quote + 2;
            for (; end < text.Length && text[end] != '"'; end++)
            {
                if (text[end] != '\\' || end + 1 == text.Length) value.Append(text[end]);
                else value.Append(text[++end] == 'n' ? '\n' : text[end]);
            }

            if (end == text.Length) yield break;
            yield return KeyValuePair.Create(text[at..quote], value.ToString());
            at = end + 1; // a comma
        }
    }
}

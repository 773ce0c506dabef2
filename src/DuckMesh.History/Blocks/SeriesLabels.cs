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
}

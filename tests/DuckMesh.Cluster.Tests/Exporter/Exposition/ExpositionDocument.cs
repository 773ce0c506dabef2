using System.Globalization;
using System.Text;

namespace DuckMesh.Cluster.Tests.Exporter.Exposition;

/// <summary>Reads an exposition back, independently of the writer: the families in order, and each sample by name and labels.</summary>
internal sealed class ExpositionDocument
{
    public List<string> Families { get; } = [];

    public List<(string Name, SortedDictionary<string, string> Labels, double Value)> Samples { get; } = [];

    public static ExpositionDocument Parse(ReadOnlySpan<byte> bytes)
    {
        var document = new ExpositionDocument();
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        Assert.True(text.Length == 0 || text.EndsWith('\n'), "The last line must end.");
        foreach (var line in text.Split('\n')[..^1])
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) document.Families.Add(line.Split(' ')[2]);
            else if (!line.StartsWith('#')) document.Samples.Add(Sample(line));
        }

        return document;
    }

    public double? Value(string name, params (string Key, string Value)[] labels)
    {
        var found = Samples.Where(s => s.Name == name && labels.All(l => s.Labels.TryGetValue(l.Key, out var v) && v == l.Value)).ToList();
        return found.Count == 0 ? null : Assert.Single(found).Value;
    }

    private static (string, SortedDictionary<string, string>, double) Sample(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var i = brace + 1;
        while (line[i] != '}')
        {
            var equals = line.IndexOf('=', i);
            var name = line[i..equals];
            Assert.Equal('"', line[equals + 1]);
            var value = new StringBuilder();
            for (i = equals + 2; line[i] != '"'; i++)
            {
                if (line[i] != '\\')
                {
                    value.Append(line[i]);
                    continue;
                }

                i++;
                value.Append(line[i] switch { 'n' => '\n', '\\' => '\\', '"' => '"', _ => throw new FormatException($"Unknown escape in: {line}") });
            }

            labels.Add(name, value.ToString());
            i++;
            if (line[i] == ',') i++;
        }

        Assert.Equal(' ', line[i + 1]);
        return (line[..brace], labels, double.Parse(line[(i + 2)..], NumberStyles.Float, CultureInfo.InvariantCulture));
    }
}

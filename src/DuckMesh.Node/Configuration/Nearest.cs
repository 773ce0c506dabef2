namespace DuckMesh.Node.Configuration;

/// <summary>Which known word was meant by one that is not known.</summary>
internal static class Nearest
{
    public static string Of(string word, IEnumerable<string> known) => known.MinBy(k => Distance(word, k))!;

    /// <summary>How many letters must be added, left out or changed to come from one to the other (Levenshtein), whatever their case.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + changed));
            }
        }

        return row[^1];
    }
}

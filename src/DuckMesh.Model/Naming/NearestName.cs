namespace DuckMesh.Model.Naming;

/// <summary>Guesses what was meant by a name that is none.</summary>
public static class NearestName
{
    /// <summary>The known name that takes the fewest changes of a letter; null when none is known.</summary>
    public static string? Of(string name, IEnumerable<string> known) => known.MinBy(k => Distance(k, name));

    /// <summary>How many letters must be added, left out or changed to come from one name to the other, whatever their case (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}

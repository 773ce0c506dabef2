using System.Text.Json;

namespace DuckMesh.Node.Http;

/// <summary>Query parameters that name members of an enumeration, repeated or separated by commas.</summary>
internal static class Choice
{
    /// <summary>The chosen members; empty when nothing is chosen.</summary>
    /// <exception cref="BadQueryException">A value is none of <paramref name="possible"/>.</exception>
    public static HashSet<T> Of<T>(string parameter, IEnumerable<string?>? values, params IEnumerable<T> possible)
        where T : struct, Enum
    {
        var names = possible.ToDictionary(Name, StringComparer.Ordinal);
        var chosen = new HashSet<T>();
        foreach (var value in (values ?? []).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (!names.TryGetValue(value, out var member)) throw new BadQueryException($"{parameter}: '{value}' is not possible; choose of {string.Join(", ", names.Keys)}.");
            chosen.Add(member);
        }

        return chosen;
    }

    public static string Name<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(member.ToString());
}

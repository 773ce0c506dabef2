using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// A glob over absolute paths, matched against the bytes of a path: <c>*</c> any text and <c>?</c> one character within a name, <c>[a-z]</c> and <c>[!a-z]</c> one of
/// a set, <c>**</c> any folders, <c>{a,b}</c> alternatives. Names that begin with a dot are names like any other.
/// </summary>
public sealed class WatchPattern
{
    /// <summary>One bit each in a walk, and one for the end.</summary>
    private const int MaxSegments = 62;

    /// <summary>Alternatives multiply: <c>{a,b}{c,d}</c> are four.</summary>
    private const int MaxAlternatives = 64;

    private WatchPattern(string text, ImmutableArray<GlobPath> alternatives)
    {
        Text = text;
        Alternatives = alternatives;
    }

    /// <summary>As it was configured.</summary>
    public string Text { get; }

    /// <summary>Has no wildcard: names one expected database.</summary>
    public bool IsLiteral => Alternatives is [{ IsLiteral: true }];

    internal ImmutableArray<GlobPath> Alternatives { get; }

    /// <summary>The path that it names. Only of one without wildcard.</summary>
    internal string LiteralPath => Alternatives[0].LiteralPath();

    /// <param name="error">What is wrong, and how to write it; one line.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out WatchPattern? pattern, [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        error = Check(text);
        if (error is not null) return false;
        var alternatives = new List<string>();
        if (!Expand(text, alternatives, out error)) return false;
        var paths = ImmutableArray.CreateBuilder<GlobPath>(alternatives.Count);
        foreach (var alternative in alternatives)
        {
            var segments = alternative.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (segments.Length is 0 or > MaxSegments)
            {
                error = $"'{text}' names {(segments.Length == 0 ? "no file" : $"more than {MaxSegments} folders")}: write /folder/*.duckdb";
                return false;
            }

            if (segments.Any(s => s is "." or ".."))
            {
                error = $"'{text}' has '.' or '..' in it: write the folder's full path";
                return false;
            }

            var unclosed = segments.FirstOrDefault(s => !GlobSegment.IsClosed(FilePath.ToBytes(s)));
            if (unclosed is not null)
            {
                error = $"'{text}' has a '[' that is not closed in '{unclosed}': write ']' after the characters, or [[] for the character itself";
                return false;
            }

            paths.Add(new GlobPath(segments));
        }

        pattern = new WatchPattern(text, paths.ToImmutable());
        return true;
    }

    public override string ToString() => Text;

    private static string? Check(string text)
    {
        if (text.Length == 0) return "an empty glob names nothing: write /folder/*.duckdb";
        if (text[0] is not ('/' or '{')) return $"'{text}' is no absolute path: write it from the root, such as /srv/data/**/*.duckdb";
        if (text.Contains('\0', StringComparison.Ordinal)) return "a path cannot hold a zero byte";
        try
        {
            FilePath.ToBytes(text);
            return null;
        }
        catch (System.Text.EncoderFallbackException)
        {
            return $"'{text}' is no valid text: half a character is missing";
        }
    }

    // The first brace is replaced by each of its parts in turn, and the rest expanded.
    private static bool Expand(string text, List<string> into, [NotNullWhen(false)] out string? error)
    {
        error = null;
        var open = text.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            if (text.Contains('}', StringComparison.Ordinal)) error = $"'{text}' has a '}}' without a '{{'";
            else if (into.Count == MaxAlternatives) error = $"'{text}' stands for more than {MaxAlternatives} globs: write fewer alternatives";
            else if (text is not ['/', ..]) error = $"'{text}' is no absolute path: write it from the root, such as /srv/data/**/*.duckdb";
            else into.Add(text);
            return error is null;
        }

        var (depth, start) = (0, open + 1);
        var parts = new List<string>();
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            if (text[i] == '}') depth--;
            if (depth > 1 || (depth == 1 && text[i] != ',')) continue;
            parts.Add(text[start..i]);
            start = i + 1;
            if (depth > 0) continue;
            foreach (var part in parts)
            {
                if (!Expand(text[..open] + part + text[(i + 1)..], into, out error)) return false;
            }

            return true;
        }

        error = $"'{text}' has a '{{' that is not closed: write '}}' after the alternatives";
        return false;
    }
}

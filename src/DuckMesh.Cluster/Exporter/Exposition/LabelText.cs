using System.Buffers;
using System.Text.Unicode;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>
/// Names and values as both text formats write them. A label's value may be any text: backslash, quote and line feed are escaped, a surrogate without its
/// partner becomes U+FFFD. Source: Prometheus exposition formats, "Comments, help text, and type information"; OpenMetrics 1.0, section ABNF.
/// </summary>
internal static class LabelText
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\\\"\n");

    /// <summary>The most bytes that <c>name="value",</c> can take: each char is at most three bytes of UTF-8, and an escaped one two.</summary>
    public static int MostBytes(string name, string value) => name.Length + (3 * value.Length) + 4;

    /// <summary>Writes <c>name="value"</c> and returns how many bytes that took.</summary>
    public static int Write(string name, string value, Span<byte> to)
    {
        var written = System.Text.Encoding.ASCII.GetBytes(name, to);
        to[written++] = (byte)'=';
        to[written++] = (byte)'"';
        Utf8.FromUtf16(Escape(value), to[written..], out _, out var length, replaceInvalidSequences: true);
        written += length;
        to[written++] = (byte)'"';
        return written;
    }

    public static string Escape(string value) => !value.AsSpan().ContainsAny(Special)
        ? value
        : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Both formats allow a letter or underscore, then letters, digits and underscores (a metric's colon is for recording rules only).</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

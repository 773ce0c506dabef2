using System.Globalization;
using System.Text;

namespace DuckMesh.Model.Databases;

/// <summary>
/// A path of the host as text. Linux paths are bytes: those that are no valid UTF-8, control characters and the backslash itself are written <c>\xNN</c>,
/// so that every path has exactly one text, the text can be shown and stored anywhere, and <see cref="ToBytes"/> gives back the very bytes.
/// </summary>
public static class FilePath
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var used);
            if (status == System.Buffers.OperationStatus.Done && !MustEscape(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var b in bytes[..used]) text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text that <see cref="FromBytes"/> made, or of an ordinary path as a person writes it.</summary>
    /// <exception cref="EncoderFallbackException">The text has half a surrogate pair: it can be no path.</exception>
    public static byte[] ToBytes(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return Strict.GetBytes(text);
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x' && byte.TryParse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 3;
            }
            else
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Strict.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
        }

        return [.. bytes];
    }

    private static bool MustEscape(Rune rune) => rune.Value == '\\' || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace DuckMesh.Node.Http.Paging;

/// <summary>
/// The last item of a page: the next page begins behind it, wherever it stands by then. So a list that changes between two pages never shows an item twice unless
/// the item itself moved, and no page costs more than the first. Opaque to callers.
/// </summary>
public sealed record Cursor(string Sort, double? Number, string? Text, string Id)
{
    /// <summary>An id and a sort key may each hold a path of 4,096 bytes, every one of them written <c>\xNN</c>, and JSON doubles the backslash.</summary>
    private const int MostChars = 64 * 1024;

    public static Cursor After(string sort, SortKey key, string id) => new(sort, key.Number, key.Text, id);

    public string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Default.Cursor));

    public static bool TryDecode(string text, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        if (text.Length > MostChars || !Base64Url.IsValid(text)) return false;
        try
        {
            cursor = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), ApiJson.Default.Cursor);
        }
        catch (JsonException)
        {
            return false;
        }

        return cursor is { Sort: not null, Id: not null };
    }
}

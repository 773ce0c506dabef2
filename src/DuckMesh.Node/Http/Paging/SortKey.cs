namespace DuckMesh.Node.Http.Paging;

/// <summary>What an item is sorted by: a number, a text, or nothing, which stands last in either direction.</summary>
public readonly record struct SortKey(double? Number, string? Text)
{
    public static implicit operator SortKey(double? number) => new(number, null);

    public static implicit operator SortKey(string? text) => new(null, text);

    public bool IsNull => Number is null && Text is null;

    /// <summary>The order of two items: by key, then by id, so that no two are equal and a cursor names one place.</summary>
    public static int Compare((SortKey Key, string Id) a, (SortKey Key, string Id) b, bool descending)
    {
        if (a.Key.IsNull != b.Key.IsNull) return a.Key.IsNull ? 1 : -1;
        var order = a.Key.Number is { } x && b.Key.Number is { } y ? x.CompareTo(y) : string.CompareOrdinal(a.Key.Text, b.Key.Text);
        if (order == 0) return string.CompareOrdinal(a.Id, b.Id);
        return descending ? -order : order;
    }
}

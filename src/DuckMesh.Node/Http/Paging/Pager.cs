using System.Collections.Frozen;
using System.Collections.Immutable;
using DuckMesh.Node.Http.Gathering;

namespace DuckMesh.Node.Http.Paging;

/// <summary>Sorts a list by one of its fields and cuts a page out of it.</summary>
/// <param name="id">Unique in the list.</param>
/// <param name="defaultSort">A field, with a minus sign before it for descending.</param>
/// <param name="fields">What can be sorted by.</param>
internal sealed class Pager<T>(Func<T, string> id, string defaultSort, IEnumerable<KeyValuePair<string, Func<T, SortKey>>> fields)
{
    /// <summary>A screen or two.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Some 1 MB of JSON.</summary>
    public const int MaxLimit = 1000;

    private readonly FrozenDictionary<string, Func<T, SortKey>> _fields = fields.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="BadQueryException">Sort, limit or cursor is not one that this list knows.</exception>
    public Page<T> Cut(IEnumerable<T> items, string? sort, int? limit, string? cursor)
    {
        sort ??= defaultSort;
        var descending = sort.StartsWith('-');
        if (!_fields.TryGetValue(descending ? sort[1..] : sort, out var key))
            throw new BadQueryException($"sort: '{sort}' is no field of this list. Sort by {string.Join(", ", _fields.Keys.Order(StringComparer.Ordinal))}, with a minus sign before it for descending.");
        var size = limit ?? DefaultLimit;
        if (size is < 1 or > MaxLimit) throw new BadQueryException($"limit: {size} is not possible; ask for 1 to {MaxLimit}.");

        var keyed = items.Select(i => (Item: i, Key: key(i), Id: id(i)));
        if (cursor is not null)
        {
            if (!Cursor.TryDecode(cursor, out var after)) throw new BadQueryException("cursor: this is none that the API gave; ask without it for the first page.");
            if (after.Sort != sort) throw new BadQueryException($"cursor: it belongs to a list sorted by {after.Sort}; ask with that sort, or without the cursor.");
            keyed = keyed.Where(i => SortKey.Compare((i.Key, i.Id), (new SortKey(after.Number, after.Text), after.Id), descending) > 0);
        }

        var rest = keyed.ToList();
        rest.Sort((a, b) => SortKey.Compare((a.Key, a.Id), (b.Key, b.Id), descending));
        var page = rest.Take(size).ToImmutableArray();
        var next = rest.Count > size ? Cursor.After(sort, page[^1].Key, page[^1].Id).Encode() : null;
        return new Page<T>([.. page.Select(i => i.Item)], next, []);
    }

    /// <summary>The page of all nodes, of the pages that each cut by the same sort, limit and cursor.</summary>
    public Page<T> Merge(Gathered<Page<T>> pages, string? sort, int? limit)
    {
        var page = Cut(pages.Answers.SelectMany(p => p.Items), sort, limit, cursor: null);
        // All items that are there were taken, and still a node has more.
        var next = page.Next is null && pages.Answers.Any(p => p.Next is not null) && page.Items is [.., var last] ? After(last, sort ?? defaultSort) : page.Next;
        return page with { Next = next, Missing = pages.MissingNames };
    }

    private string After(T item, string sort) => Cursor.After(sort, _fields[sort.TrimStart('-')](item), id(item)).Encode();
}

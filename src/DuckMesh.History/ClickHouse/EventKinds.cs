using System.Collections.Frozen;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.ClickHouse;

/// <summary>Kinds of events as they are stored: <c>discovered</c>, not a number that a later version might shift.</summary>
internal static class EventKinds
{
    private static readonly FrozenDictionary<EventKind, string> Texts = Enum.GetValues<EventKind>().ToFrozenDictionary(kind => kind, kind => kind.ToString().ToLowerInvariant());

    private static readonly FrozenDictionary<string, EventKind> Kinds = Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Text(EventKind kind) => Texts[kind];

    /// <summary>Null for one that only a newer version knows.</summary>
    public static EventKind? Kind(string text) => Kinds.TryGetValue(text, out var kind) ? kind : null;
}

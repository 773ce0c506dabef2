using System.Collections.Immutable;

namespace DuckMesh.Node.Configuration;

/// <summary>A value as it was written, before anything is made of it: a text, a list, or keys with values.</summary>
/// <param name="Where">File and line, or the environment variable.</param>
internal sealed record Setting(string Where)
{
    public string? Text { get; init; }

    public ImmutableArray<Setting>? Items { get; init; }

    public ImmutableArray<KeyValuePair<string, Setting>>? Keys { get; init; }

    /// <summary>What it is, for a person who wrote another.</summary>
    public string Kind => Text is not null ? $"'{Text}'" : Items is not null ? "a list" : "a group of keys";
}

using System.Text.Json.Serialization;

namespace DuckMesh.History.Reading;

/// <summary>A database by its labels.</summary>
[method: JsonConstructor]
public readonly record struct SeriesOwner(string Host, string Database);

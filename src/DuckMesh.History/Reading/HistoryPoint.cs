using System.Text.Json.Serialization;

namespace DuckMesh.History.Reading;

/// <param name="At">Where the bucket begins, Unix time in seconds.</param>
/// <param name="Value">May be infinite, which one node tells another as a text.</param>
[method: JsonConstructor]
public readonly record struct HistoryPoint(long At, [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value);

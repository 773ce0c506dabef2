using System.Text.Json;
using System.Text.Json.Serialization;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Serialization;

/// <summary>A database id is written as its text, also as the key of a map.</summary>
public sealed class DatabaseIdConverter : JsonConverter<DatabaseId>
{
    public override DatabaseId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, DatabaseId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    public override DatabaseId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, DatabaseId value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);

    private static DatabaseId Parse(string? text) =>
        DatabaseId.TryParse(text ?? "", out var id) ? id : throw new JsonException($"'{text}' is no database id.");
}

using System.Text.Json;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Names on disk: one line of JSON for each that was given (<c>{"id":"host:/path","name":"orders"}</c>) or taken back (<c>"name":null</c>), later lines win. A last
/// line that a crash tore is passed over. Where it can't be written names live in memory alone: a label is no reason to stop. Not thread-safe.
/// </summary>
internal sealed class NamesFile(string path) : IDisposable
{
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");

    private FileStream? _stream;
    private bool _dirty;

    public string? Warning { get; private set; }

    public Dictionary<DatabaseId, string> Load()
    {
        var names = new Dictionary<DatabaseId, string>();
        Try(() =>
        {
            if (!File.Exists(path)) return;
            foreach (var line in File.ReadLines(path))
            {
                if (!TryParse(line, out var id, out var name)) continue;
                if (name is null) names.Remove(id!);
                else names[id!] = name;
            }
        });
        return names;
    }

    /// <summary>Writes the names anew, one line each, and is ready to append.</summary>
    public void Compact(Dictionary<DatabaseId, string> names) => Try(() =>
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var fresh = path + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            foreach (var (id, name) in names.OrderBy(n => n.Key.Value, StringComparer.Ordinal)) Write(stream, id, name);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        _stream = new FileStream(path, FileMode.Append, FileAccess.Write);
    });

    public void Append(DatabaseId id, string? name)
    {
        if (_stream is null) return;
        _dirty = true;
        Try(() => Write(_stream, id, name));
    }

    public void Flush()
    {
        if (!_dirty) return;
        _dirty = false;
        Try(() => _stream?.Flush());
    }

    public void Dispose() => Try(() => _stream?.Dispose());

    private static void Write(FileStream stream, DatabaseId id, string? name)
    {
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString(Id, id.Value);
            json.WriteString(Name, name);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static bool TryParse(string line, out DatabaseId? id, out string? name)
    {
        (id, name) = (null, null);
        try
        {
            using var json = JsonDocument.Parse(line);
            name = json.RootElement.GetProperty("name").GetString();
            return DatabaseId.TryParse(json.RootElement.GetProperty("id").GetString() ?? "", out id);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            _stream = null;
            Warning ??= $"names of databases are kept in memory only, because {path} can't be written: {e.Message.ReplaceLineEndings(" ")} Make the data folder writable and start again";
        }
    }
}

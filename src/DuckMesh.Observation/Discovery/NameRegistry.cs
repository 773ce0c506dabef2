using System.Collections.Immutable;
using System.Globalization;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// The label <c>database</c> of every database: configured, else its file's name without extension, with as many folders before it as make it unique on this host.
/// A name stays with its database until that is forgotten, over restarts too. Not thread-safe.
/// </summary>
internal sealed class NameRegistry : IDisposable
{
    /// <summary>A label that people read and that every series repeats. Longer names lose their beginning.</summary>
    public const int MaxLength = 128;

    private readonly ImmutableDictionary<string, string> _configured;
    private readonly HashSet<string> _reserved;
    private readonly Dictionary<DatabaseId, string> _names = [];
    private readonly Dictionary<string, DatabaseId> _owners = new(StringComparer.Ordinal);
    private readonly NamesFile? _file;

    /// <param name="configured">Names by path or by database id.</param>
    /// <param name="file">Where names are kept; null: only in memory.</param>
    public NameRegistry(ImmutableDictionary<string, string> configured, string? file)
    {
        _configured = configured;
        _reserved = [.. configured.Values.Select(v => Shorten(v))];
        if (file is null) return;
        _file = new NamesFile(file);
        foreach (var (id, name) in _file.Load())
        {
            // A name that was configured for another database since then is that one's now.
            if (!_reserved.Contains(name) || Configured(id) == name) Keep(id, name);
        }

        _file.Compact(_names);
    }

    /// <summary>Why names are lost at the next start; null: they are not.</summary>
    public string? Warning => _file?.Warning;

    public string NameOf(DatabaseId id)
    {
        if (_names.TryGetValue(id, out var known) && (Configured(id) is not { } wanted || known == wanted || _owners.ContainsKey(wanted))) return known;
        return Give(id, Candidates(id).First(IsFree));
    }

    /// <summary>Gives a database the name it had, where no other has got it meanwhile.</summary>
    public string Adopt(DatabaseId id, string name)
    {
        if (_names.GetValueOrDefault(id) == name) return name;
        return name.Length is > 0 and <= MaxLength && Configured(id) is null && IsFree(name) && !_reserved.Contains(name) ? Give(id, name) : NameOf(id);
    }

    public void Forget(DatabaseId id)
    {
        if (!_names.Remove(id, out var name)) return;
        _owners.Remove(name);
        _file?.Append(id, null);
    }

    /// <summary>Writes what was given or taken since the last call.</summary>
    public void Flush() => _file?.Flush();

    public void Dispose() => _file?.Dispose();

    private string? Configured(DatabaseId id)
    {
        var name = _configured.GetValueOrDefault(id.Value) ?? _configured.GetValueOrDefault(id.Path);
        return string.IsNullOrWhiteSpace(name) ? null : Shorten(name);
    }

    private IEnumerable<string> Candidates(DatabaseId id)
    {
        var configured = Configured(id);
        if (configured is not null) yield return configured;

        var folders = id.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var file = folders.Length == 0 ? "database" : folders[^1];
        var dot = file.LastIndexOf('.');
        var name = Shorten(configured ?? (dot > 0 ? file[..dot] : file));
        if (configured is null && !_reserved.Contains(name)) yield return name;

        // Two containers with the same path differ in nothing else.
        if (id.Container is not null && !_reserved.Contains($"{id.Container}/{name}")) yield return Shorten($"{id.Container}/{name}");
        var longer = name;
        for (var i = folders.Length - 2; i >= 0 && longer.Length < MaxLength && configured is null; i--)
        {
            longer = Shorten($"{folders[i]}/{longer}");
            if (!_reserved.Contains(longer)) yield return longer;
        }

        for (var number = 2; ; number++)
        {
            var numbered = string.Create(CultureInfo.InvariantCulture, $"{Shorten(name, MaxLength - 11)}-{number}");
            if (!_reserved.Contains(numbered)) yield return numbered;
        }
    }

    private bool IsFree(string name) => !_owners.ContainsKey(name);

    private string Give(DatabaseId id, string name)
    {
        Keep(id, name);
        _file?.Append(id, name);
        return name;
    }

    private void Keep(DatabaseId id, string name)
    {
        if (!_owners.TryAdd(name, id)) return;
        if (_names.Remove(id, out var before)) _owners.Remove(before);
        _names[id] = name;
    }

    private static string Shorten(string name) => Shorten(name, MaxLength);

    private static string Shorten(string name, int length)
    {
        if (name.Length <= length) return name;
        var start = name.Length - length;
        return char.IsLowSurrogate(name[start]) ? name[(start + 1)..] : name[start..];
    }
}

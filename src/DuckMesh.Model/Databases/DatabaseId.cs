using System.Buffers;

namespace DuckMesh.Model.Databases;

/// <summary>
/// One DuckDB database file: <c>&lt;host&gt;:&lt;absolute path&gt;</c>, or <c>&lt;host&gt;:&lt;container&gt;:&lt;path&gt;</c> for a file that only another mount namespace sees.
/// Neither host nor container has a colon or a slash; the path is absolute, as <see cref="FilePath"/> writes it.
/// </summary>
public sealed class DatabaseId : IEquatable<DatabaseId>, IComparable<DatabaseId>
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(":/ \t\r\n");

    public DatabaseId(string host, string? container, string path)
    {
        if (!IsName(host)) throw new ArgumentException($"'{host}' is no host name: it must not be empty or contain ':', '/' or blanks.", nameof(host));
        if (container is not null && !IsName(container)) throw new ArgumentException($"'{container}' is no container name: it must not be empty or contain ':', '/' or blanks.", nameof(container));
        if (path is not ['/', ..]) throw new ArgumentException($"'{path}' is no absolute path.", nameof(path));
        Host = host;
        Container = container;
        Path = path;
        Value = container is null ? $"{host}:{path}" : $"{host}:{container}:{path}";
    }

    public string Host { get; }

    public string? Container { get; }

    public string Path { get; }

    public string Value { get; }

    /// <summary>Not a database but its host as a whole: see <see cref="OfHost"/>.</summary>
    public bool IsHost => Path == "/";

    /// <summary>The host itself, as the subject of rules about hosts: <c>&lt;host&gt;:/</c>, which no file can be.</summary>
    public static DatabaseId OfHost(string host) => new(host, null, "/");

    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAny(Separators);

    public static DatabaseId Parse(string value) =>
        TryParse(value, out var id) ? id : throw new FormatException($"'{value}' is no database id: write host:/absolute/path or host:container:/absolute/path.");

    public static bool TryParse(string value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DatabaseId? id)
    {
        id = null;
        var first = value.IndexOf(':', StringComparison.Ordinal);
        if (first <= 0 || first + 1 >= value.Length || !IsName(value[..first])) return false;
        var rest = value[(first + 1)..];
        if (rest[0] == '/')
        {
            id = new DatabaseId(value[..first], null, rest);
            return true;
        }

        var second = rest.IndexOf(":/", StringComparison.Ordinal);
        if (second <= 0 || !IsName(rest[..second])) return false;
        id = new DatabaseId(value[..first], rest[..second], rest[(second + 1)..]);
        return true;
    }

    public bool Equals(DatabaseId? other) => other is not null && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as DatabaseId);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(DatabaseId? other) => string.CompareOrdinal(Value, other?.Value);

    public override string ToString() => Value;

    public static bool operator ==(DatabaseId? left, DatabaseId? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DatabaseId? left, DatabaseId? right) => !(left == right);

    public static bool operator <(DatabaseId left, DatabaseId right) => left.CompareTo(right) < 0;

    public static bool operator <=(DatabaseId left, DatabaseId right) => left.CompareTo(right) <= 0;

    public static bool operator >(DatabaseId left, DatabaseId right) => left.CompareTo(right) > 0;

    public static bool operator >=(DatabaseId left, DatabaseId right) => left.CompareTo(right) >= 0;
}

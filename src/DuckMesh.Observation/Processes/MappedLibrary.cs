using System.Globalization;
using System.Text;

namespace DuckMesh.Observation.Processes;

/// <summary>A file whose code a process has mapped and that may be DuckDB, from <c>/proc/&lt;pid&gt;/maps</c> (format: man 5 proc_pid_maps).</summary>
/// <param name="Path">As the process sees it, one character per byte.</param>
/// <param name="Range">The name of the mapping in <c>map_files</c>.</param>
internal sealed record MappedLibrary(string Path, ulong Inode, string Range)
{
    /// <summary>The likely ones first: <c>libduckdb*</c>, then bindings with DuckDB in them (<c>_duckdb.cpython-312.so</c>, <c>duckdb.node</c>), then a program named after it. Not its extensions, which have versions of their own.</summary>
    public static List<MappedLibrary> Find(ReadOnlySpan<byte> maps, string? exe)
    {
        var found = new List<(int Rank, MappedLibrary Library)>();
        foreach (var range in maps.Split((byte)'\n'))
        {
            var line = maps[range];
            if (line.IndexOf("duckdb"u8) < 0 || Parse(Encoding.Latin1.GetString(line)) is not { } library) continue;
            var rank = Rank(library.Path, exe);
            if (rank > 0 && !found.Exists(f => f.Library.Path == library.Path)) found.Add((rank, library));
        }

        return [.. found.OrderBy(f => f.Rank).Select(f => f.Library)];
    }

    private static int Rank(string path, string? exe)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (!name.Contains("duckdb", StringComparison.Ordinal)) return 0;
        var library = name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);
        if (library && name.StartsWith("libduckdb", StringComparison.Ordinal)) return 1;
        if (library || name.EndsWith(".node", StringComparison.Ordinal)) return 2;
        return path == exe ? 3 : 0;
    }

    // 7f1c00000000-7f1c00001000 r-xp 00000000 fe:00 1234    /usr/lib/libduckdb.so
    private static MappedLibrary? Parse(string line)
    {
        const string Deleted = " (deleted)";
        if (line.Split(' ', 6) is not [var range, var rights, _, _, var inode, var rest] || !rights.Contains('x', StringComparison.Ordinal)) return null;
        var path = rest.TrimStart(' ');
        if (path.EndsWith(Deleted, StringComparison.Ordinal)) path = path[..^Deleted.Length];
        return path.StartsWith('/') && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? new MappedLibrary(path, number, range) : null;
    }
}

using System.Text.RegularExpressions;
using DuckMesh.Acceptance.Harness;
using Microsoft.Data.Sqlite;

namespace DuckMesh.Acceptance.Nodes;

/// <summary>The ids of the transitions in the journal of a node that does not run.</summary>
internal static partial class StoredTransitions
{
    public static IReadOnlySet<string> Read(string dataFolder)
    {
        // Of a copy: reading a SQLite file in WAL mode writes beside it.
        using var copy = new TestFolder();
        foreach (var file in Directory.EnumerateFiles(dataFolder, "journal.sqlite*"))
            File.Copy(file, copy[Path.GetFileName(file)]);
        using var connection = new SqliteConnection($"Data Source={copy["journal.sqlite"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE manifest LIKE 'story.transitions.%'";
        using var row = command.ExecuteReader();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (row.Read())
            ids.UnionWith(TransitionId().Matches(System.Text.Encoding.UTF8.GetString((byte[])row[0])).Select(match => match.Groups[1].Value));
        return ids;
    }

    [GeneratedRegex("\"id\":\"([^\"]+#[0-9]+)\"")]
    private static partial Regex TransitionId();
}

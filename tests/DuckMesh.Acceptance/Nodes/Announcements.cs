using System.Globalization;
using System.Text.Json.Nodes;

namespace DuckMesh.Acceptance.Nodes;

/// <summary>One line of the announcement log.</summary>
internal sealed record Announced(string Id, string Episode, string Rule, string Database, string State, DateTimeOffset At, bool Recorded)
{
    /// <summary>The number of the transition in its episode, from 1.</summary>
    public int Number => int.Parse(Id[(Id.LastIndexOf('#') + 1)..], CultureInfo.InvariantCulture);
}

/// <summary>What a node announced: the JSON lines in its data folder. The one place that knows file and format.</summary>
internal static class Announcements
{
    private const string FileName = "announcements.jsonl";

    /// <summary>In the order in which they were written. A line that a kill cut off is left out: its transition was not confirmed.</summary>
    public static IReadOnlyList<Announced> Read(string dataFolder)
    {
        var file = Path.Combine(dataFolder, FileName);
        return [.. new[] { file + ".1", file }.Where(File.Exists).SelectMany(File.ReadLines).Select(Parse).OfType<Announced>()];
    }

    private static Announced? Parse(string line)
    {
        try
        {
            var item = JsonNode.Parse(line)!;
            return new Announced((string)item["id"]!, (string)item["episode"]!, (string)item["rule"]!, (string?)item["database"] ?? "", ((string)item["state"]!).ToLowerInvariant(),
                (DateTimeOffset)item["at"]!, (bool)item["recorded"]!);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

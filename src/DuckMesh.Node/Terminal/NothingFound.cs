using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Terminal;

/// <summary>What is said when there is no database: where was looked, where could not be, and what to do.</summary>
internal static class NothingFound
{
    /// <summary>Blind spots that are named one by one.</summary>
    private const int MostNamed = 3;

    public static IEnumerable<string> Lines(DiscoveryReport report, Place place)
    {
        var settings = place.Settings;
        yield return "No DuckDB database found.";
        yield return settings.Discover
            ? $"Looked at {Figures.Count(report.Locks, "file lock")} of this host's processes."
            : "Did not look at what processes of this host hold: discover is off.";
        yield return settings.Watch.IsEmpty ? "No files are configured to be watched." : $"Looked for {string.Join(", ", settings.Watch.Select(SafeText.Of))}: no DuckDB file there.";
        if (!settings.Exclude.IsEmpty) yield return $"Left out what exclude names: {string.Join(", ", settings.Exclude.Select(SafeText.Of))}.";
        if (!report.BlindSpots.IsEmpty)
        {
            yield return $"Could not look into {Figures.Count(report.BlindSpots.Length, "process", "processes")} that may hold one:";
            foreach (var spot in report.BlindSpots.Take(MostNamed)) yield return $"  {spot.Pid} {SafeText.Start(spot.Command, 24)}: {SafeText.Of(spot.Reason)}";
            if (report.BlindSpots.Length > MostNamed) yield return $"  … and {report.BlindSpots.Length - MostNamed} more: {new Uri(place.Http, "api/v1/cluster")}";
        }

        foreach (var warning in report.Warnings.Take(MostNamed)) yield return SafeText.Of(warning);
        yield return "What to do:";
        yield return settings.Discover ? "  start a program that opens a DuckDB database: it is found within seconds;" : "  turn discover on: DUCKMESH_DISCOVER=on;";
        if (settings.Watch.IsEmpty) yield return "  or name files: DUCKMESH_WATCH='/srv/*.duckdb';";
        if (!report.BlindSpots.IsEmpty) yield return "  or run as root, or with CAP_SYS_PTRACE, to see other users' processes;";
        yield return "  or see it work with sample databases: the verb demo.";
    }
}

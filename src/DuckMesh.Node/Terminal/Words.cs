using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Terminal;

/// <summary>How the console words what it shows, the same in the table and in plain lines.</summary>
internal static class Words
{
    public static string Owner(DatabaseDescription database) => database.OwnerPid is { } pid
        ? $"{pid} {SafeText.End(Path.GetFileName(database.OwnerExe), 24)}".TrimEnd() + (database.Owners > 1 ? $" +{database.Owners - 1}" : "")
        : "";

    public static string State(DatabaseDescription database) => database.State == DatabaseState.Unknown ? "new" : database.State.ToString().ToLowerInvariant();

    /// <summary>The owner, or why there is none to show.</summary>
    public static string OwnerOrState(DatabaseDescription database) =>
        database.State == DatabaseState.Up && Owner(database) is { Length: > 0 } owner ? owner : State(database);

    public static string Summary(FleetSnapshot fleet)
    {
        var states = fleet.Databases.GroupBy(v => v.Database.State).OrderBy(g => g.Key).Select(g => $"{g.Count()} {State(g.First().Database)}");
        var firing = fleet.Databases.Sum(v => v.Episodes.Count(e => e.State == EpisodeState.Firing));
        var databases = Figures.Count(fleet.Databases.Length, "database") + (fleet.Databases.IsEmpty ? "" : $" ({string.Join(", ", states)})");
        return $"{databases}, {Figures.Count(firing, "alert")} firing";
    }

    public static string Alert(EpisodeState state) => state switch
    {
        EpisodeState.NoData => "no data",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>The open alerts of a database, the worst first, in so many cells: where not all fit, how many more there are.</summary>
    public static string Alerts(DatabaseView view, int most)
    {
        var open = view.Episodes.Where(e => e.Open).OrderByDescending(Weight).Select(e => SafeText.Of(e.State == EpisodeState.Firing ? e.Rule : $"{e.Rule} ({Alert(e.State)})")).ToList();
        for (var shown = open.Count; shown > 0; shown--)
        {
            var text = string.Join(", ", open.Take(shown)) + (shown < open.Count ? $" +{open.Count - shown}" : "");
            if (SafeText.Width(text) <= most) return text;
        }

        return open.Count == 0 ? "" : SafeText.Start(open[0], most);
    }

    /// <summary>What fires outweighs what may fire, then by severity; what is over weighs nothing.</summary>
    public static int Weight(Episode episode) => episode.State switch
    {
        EpisodeState.Firing => 20 + (int)episode.Severity,
        EpisodeState.Pending or EpisodeState.NoData => 10 + (int)episode.Severity,
        _ => 0,
    };
}

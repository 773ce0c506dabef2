using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Terminal;

/// <summary>How the console words what it shows, the same in the table and in plain lines.</summary>
internal static class Words
{
    /// <summary>The longest part of a path that is shown.</summary>
    private const int MostPath = 60;

    public static string Owner(DatabaseDescription database) => database.OwnerPid is { } pid
        ? $"{pid} {SafeText.End(Path.GetFileName(database.OwnerExe), 24)}".TrimEnd() + (database.Owners > 1 ? $" +{database.Owners - 1}" : "")
        : "";

    public static string State(DatabaseDescription database) => database.State == DatabaseState.Unknown ? "new" : database.State.ToString().ToLowerInvariant();

    /// <summary>The owner, or why there is none to show.</summary>
    public static string OwnerOrState(DatabaseDescription database) =>
        database.State == DatabaseState.Up && Owner(database) is { Length: > 0 } owner ? owner : State(database);

    public static string Location(DatabaseDescription database) => SafeText.End(database.Id.Path, MostPath);

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
}

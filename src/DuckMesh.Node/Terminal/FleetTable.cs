using System.Collections.Immutable;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Node.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DuckMesh.Node.Terminal;

/// <summary>The live picture of the fleet, worst first, as tall as the terminal. Pure: the same picture gives the same text.</summary>
internal static class FleetTable
{
    /// <summary>Lines around the rows: title, two for the table's head, one for what is left out, blind spots, journal, two where to point others, one free.</summary>
    private const int OtherLines = 9;

    private const int FewestRows = 3;

    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Warn = new(Color.Yellow);
    private static readonly Style Dim = new(Color.Grey);

    public static IRenderable Render(Picture picture, Place place, int height)
    {
        var parts = new List<IRenderable> { Title(picture, place) };
        if (picture.Fleet is not { } fleet) parts.Add(new Text("The exporter of this node does not answer; /health/ready says how the node is.", Bad));
        else if (picture.FoundNothing) parts.AddRange(NothingFound.Lines(picture.Discovery!, place).Select(l => new Text(l)));
        else if (fleet.Databases.IsEmpty) parts.Add(new Text("Looking for databases…", Dim));
        else parts.AddRange(Rows(fleet, place, Math.Max(FewestRows, height - OtherLines)));

        if (picture.JournalError is { } error) parts.Add(new Text($"Journal: {SafeText.Of(error)}", Bad));
        if (!picture.FoundNothing && picture.Discovery is { BlindSpots.IsEmpty: false } discovery)
            parts.Add(new Text($"{Figures.Count(discovery.BlindSpots.Length, "process", "processes")} may not be looked into; {new Uri(place.Http, "api/v1/cluster")} says why.", Warn));
        parts.Add(new Text($"Browser: {place.Http}   Prometheus: {place.Metrics}", Dim));
        parts.Add(new Text("Ctrl-C stops the node.", Dim));
        return new Rows(parts);
    }

    private static Text Title(Picture picture, Place place) => new(
        $"DuckMesh {ThisNode.Version} on {SafeText.Of(place.Settings.Host)}" + (picture.Fleet is { } fleet ? $": {Words.Summary(fleet)}" : "") + $"   {picture.At.UtcDateTime:HH:mm:ss} UTC",
        new Style(decoration: Decoration.Bold));

    private static IEnumerable<IRenderable> Rows(FleetSnapshot fleet, Place place, int most)
    {
        var table = new Table { Border = TableBorder.Simple, ShowRowSeparators = false, Expand = false };
        table.AddColumn("database").AddColumn("owner");
        foreach (var column in new[] { "size", "WAL", "CPU", "memory" }) table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("alerts");
        foreach (var column in table.Columns) column.NoWrap();
        foreach (var view in WorstFirst(fleet.Databases).Take(most)) table.AddRow(Row(view));
        yield return table;
        if (fleet.Databases.Length > most) yield return new Text($"… and {fleet.Databases.Length - most} more: {place.Databases}", Dim);
    }

    private static IEnumerable<IRenderable> Row(DatabaseView view)
    {
        var database = view.Database;
        var bad = database.State is DatabaseState.Down or DatabaseState.Unreadable;
        yield return new Text(SafeText.End(database.Name, 32));
        yield return new Text(Words.OwnerOrState(database), bad ? Bad : database.State == DatabaseState.Up ? Style.Plain : Dim);
        yield return new Text(Figures.Bytes(view, MetricCatalog.FileSizeBytes));
        yield return new Text(Figures.Bytes(view, MetricCatalog.WalSizeBytes));
        yield return new Text(Figures.Percent(view, MetricCatalog.CpuUsageRatio));
        yield return new Text(Figures.Percent(view, MetricCatalog.MemoryUsageRatio));
        var open = view.Episodes.Where(e => e.Open).OrderByDescending(Weight).ToList();
        var alerts = string.Join(", ", open.Select(e => e.State == EpisodeState.Firing ? e.Rule : $"{e.Rule} ({Words.Alert(e.State)})"));
        yield return new Text(SafeText.Start(alerts, 48), open.Any(e => e.State == EpisodeState.Firing) ? Bad : Warn);
    }

    public static IEnumerable<DatabaseView> WorstFirst(ImmutableArray<DatabaseView> databases) => databases
        .OrderByDescending(v => v.Episodes.IsEmpty ? 0 : v.Episodes.Max(Weight))
        .ThenByDescending(v => v.Database.State is DatabaseState.Down ? 2 : v.Database.State is DatabaseState.Unreadable ? 1 : 0)
        .ThenBy(v => v.Database.Name, StringComparer.Ordinal)
        .ThenBy(v => v.Database.Id);

    /// <summary>What fires outweighs what may fire, then by severity; what is over weighs nothing.</summary>
    private static int Weight(Episode episode) => episode.State switch
    {
        EpisodeState.Firing => 20 + (int)episode.Severity,
        EpisodeState.Pending or EpisodeState.NoData => 10 + (int)episode.Severity,
        _ => 0,
    };
}

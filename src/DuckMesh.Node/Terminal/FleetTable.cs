using System.Collections.Immutable;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Node.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DuckMesh.Node.Terminal;

/// <summary>The live picture of the fleet, worst first, as wide and as tall as the terminal. Pure: the same picture gives the same text.</summary>
internal static class FleetTable
{
    private const int FewestRows = 3;

    /// <summary>The rest is in the API, under cluster.</summary>
    private const int MostWarnings = 2;

    /// <summary>The table's head and its rule, one line for what is left out, one between, and one free: a terminal that is filled to its last line scrolls.</summary>
    private const int OtherLines = 5;

    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Warn = new(Color.Yellow);
    private static readonly Style Dim = new(Color.Grey);
    private static readonly Style Bold = new(decoration: Decoration.Bold);

    public static IRenderable Render(Picture picture, Place place, int width, int height)
    {
        var title = Lines(Title(picture, place), Bold, width).ToList();
        var wrong = Wrong(picture, place).SelectMany(l => Lines(l.Text, l.Style, width)).ToList();
        var notes = picture.Notes.SelectMany(n => Lines(SafeText.Of(n), Style.Plain, width)).ToList();
        var where = Lines($"Browser: {place.Http}   Prometheus: {place.Metrics}", Dim, width).Concat(Lines("Ctrl-C stops the node.", Dim, width)).ToList();
        var room = height - title.Count - wrong.Count - where.Count - OtherLines;
        if (room - notes.Count < FewestRows) notes.Clear();
        return new Rows(title.Concat(Body(picture, place, width, Math.Max(FewestRows, room - notes.Count))).Append(Text.Empty).Concat(wrong).Concat(notes).Concat(where).Take(height - 1));
    }

    private static IEnumerable<IRenderable> Body(Picture picture, Place place, int width, int rows)
    {
        if (picture.Fleet is not { } fleet) return Lines("The exporter of this node does not answer; /health/ready says how the node is.", Bad, width);
        if (picture.FoundNothing && !place.Demo) return NothingFound.Lines(picture.Discovery!, place).SelectMany(l => Lines(l, Style.Plain, width));
        return fleet.Databases.IsEmpty ? Lines("Looking for databases…", Dim, width) : Table(fleet, place, width, rows);
    }

    private static IEnumerable<(string Text, Style Style)> Wrong(Picture picture, Place place)
    {
        if (picture.JournalError is { } error) yield return ($"Journal: {SafeText.Of(error)}", Bad);
        if (picture.FoundNothing || picture.Discovery is not { } discovery) yield break;
        if (!discovery.BlindSpots.IsEmpty) yield return ($"{Figures.Count(discovery.BlindSpots.Length, "process", "processes")} may not be looked into: {new Uri(place.Http, "api/v1/cluster")}", Warn);
        foreach (var warning in discovery.Warnings.Take(MostWarnings)) yield return (SafeText.Of(warning), Warn);
    }

    private static string Title(Picture picture, Place place) =>
        $"DuckMesh {ThisNode.Version} on {SafeText.Of(place.Settings.Host)} at {picture.At.UtcDateTime:HH:mm:ss}Z" + (picture.Fleet is { } fleet ? $": {Words.Summary(fleet)}" : "");

    private static IEnumerable<IRenderable> Lines(string text, Style style, int width) => SafeText.Lines(text, width).Select(line => new Text(line, style));

    private static IEnumerable<IRenderable> Table(FleetSnapshot fleet, Place place, int width, int most)
    {
        var shown = WorstFirst(fleet.Databases).Take(most).ToList();
        var layout = Layout(shown, width);
        yield return Row(layout, TableLayout.Order.ToDictionary(c => c, c => (c, Dim)));
        yield return new Text(new string('─', Math.Min(width, layout.Width)), Dim);
        foreach (var view in shown) yield return Row(layout, Cells(view, layout));
        if (fleet.Databases.Length > most) yield return new Text(SafeText.Start($"… and {fleet.Databases.Length - most} more: {place.Databases}", width), Dim);
    }

    private static TableLayout Layout(List<DatabaseView> databases, int width) => TableLayout.For(
        width,
        databases.Max(v => SafeText.Width(SafeText.Of(v.Database.Name))),
        databases.Max(v => SafeText.Width(Words.OwnerOrState(v.Database))),
        databases.Max(v => SafeText.Width(Words.Alerts(v, int.MaxValue))),
        databases.Max(v => SafeText.Width(SafeText.Of(v.Database.Id.Path))));

    private static Paragraph Row(TableLayout layout, Dictionary<string, (string Text, Style Style)> cells)
    {
        var row = new Paragraph();
        foreach (var column in TableLayout.Order.Where(layout.Widths.ContainsKey))
        {
            var (text, style) = cells[column];
            var free = new string(' ', Math.Max(0, layout.Widths[column] - SafeText.Width(text)));
            if (column != TableLayout.Database) row.Append(new string(' ', TableLayout.Gap));
            row.Append(TableLayout.IsFigure(column) ? free + text : text + free, style);
        }

        return row;
    }

    private static Dictionary<string, (string Text, Style Style)> Cells(DatabaseView view, TableLayout layout)
    {
        var database = view.Database;
        var state = database.State is DatabaseState.Down or DatabaseState.Unreadable ? Bad : database.State == DatabaseState.Up ? Style.Plain : Dim;
        var firing = view.Episodes.Any(e => e.State == EpisodeState.Firing);
        return new()
        {
            [TableLayout.Database] = (SafeText.End(database.Name, layout.Of(TableLayout.Database)), database.State == DatabaseState.Lost ? Dim : Style.Plain),
            [TableLayout.Owner] = (SafeText.Start(Words.OwnerOrState(database), layout.Of(TableLayout.Owner)), state),
            [TableLayout.Size] = (Figures.Bytes(view, MetricCatalog.FileSizeBytes), Style.Plain),
            [TableLayout.Wal] = (Figures.Bytes(view, MetricCatalog.WalSizeBytes), Style.Plain),
            [TableLayout.Cpu] = (Figures.Percent(view, MetricCatalog.CpuUsageRatio), Style.Plain),
            [TableLayout.Memory] = (Figures.Percent(view, MetricCatalog.MemoryUsageRatio), Style.Plain),
            [TableLayout.Alerts] = (Words.Alerts(view, layout.Of(TableLayout.Alerts)), firing ? Bad : Warn),
            [TableLayout.Path] = (SafeText.End(database.Id.Path, layout.Of(TableLayout.Path)), Dim),
        };
    }

    public static IEnumerable<DatabaseView> WorstFirst(ImmutableArray<DatabaseView> databases) => databases
        .OrderByDescending(v => v.Episodes.IsEmpty ? 0 : v.Episodes.Max(Words.Weight))
        .ThenByDescending(v => v.Database.State switch { DatabaseState.Down => 3, DatabaseState.Unreadable => 2, DatabaseState.Lost => 0, _ => 1 })
        .ThenBy(v => v.Database.Name, StringComparer.Ordinal)
        .ThenBy(v => v.Database.Id);
}

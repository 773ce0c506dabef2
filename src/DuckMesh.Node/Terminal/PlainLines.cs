using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Terminal;

/// <summary>What changed from one picture to the next, one line each. Pure.</summary>
internal static class PlainLines
{
    /// <summary>When a whole fleet changes at once, the first lines say what happens; the rest is in the API.</summary>
    public const int MostAtOnce = 100;

    public static IEnumerable<string> Start(Place place) =>
    [
        $"watching the DuckDB databases of {SafeText.Of(place.Settings.Host)}; browser: {place.Http}",
        $"Prometheus: scrape {place.Metrics}",
    ];

    public static IEnumerable<string> Changes(Picture? before, Picture now, Place place)
    {
        var notes = now.Notes.Except(before?.Notes ?? []).Select(SafeText.Of);
        var lines = notes.Concat(Warnings(before, now)).Concat(Journal(before, now)).Concat(Databases(before?.Fleet, now.Fleet)).ToList();
        if (lines.Count > MostAtOnce) lines = [.. lines.Take(MostAtOnce), $"… and {lines.Count - MostAtOnce} more changes: {place.Databases}"];
        if (now.FoundNothing && !place.Demo && before?.FoundNothing != true) lines.AddRange(NothingFound.Lines(now.Discovery!, place));
        return lines;
    }

    public static string Summary(Picture now) => now.Fleet is { } fleet ? Words.Summary(fleet) : "the exporter does not answer; /health/ready says how the node is";

    private static IEnumerable<string> Warnings(Picture? before, Picture now) => (now.Discovery?.Warnings ?? []).Except(before?.Discovery?.Warnings ?? []).Select(SafeText.Of);

    private static IEnumerable<string> Journal(Picture? before, Picture now)
    {
        if (now.JournalError is { } error && before?.JournalError is null) yield return $"journal down: {SafeText.Of(error)}";
        if (now.JournalError is null && before?.JournalError is not null) yield return "journal works again";
    }

    private static IEnumerable<string> Databases(FleetSnapshot? before, FleetSnapshot? now)
    {
        if (now is null) yield break;
        foreach (var (old, view) in FleetChanges.Between(before?.Databases ?? [], now.Databases))
        {
            if (view is null)
            {
                yield return $"forgotten {SafeText.Of(old!.Database.Name)}";
                continue;
            }

            foreach (var line in Database(old, view)) yield return line;
            foreach (var line in Alerts(old, view)) yield return line;
        }
    }

    private static IEnumerable<string> Database(DatabaseView? old, DatabaseView view)
    {
        var database = view.Database;
        var name = SafeText.Of(database.Name);
        if (database.State == DatabaseState.Unknown) yield break;
        if (database.State == DatabaseState.Lost && (old is null || old.Database.State == DatabaseState.Unknown)) yield break; // gone before anybody saw it
        if (old is null || old.Database.State == DatabaseState.Unknown)
        {
            var seen = database.State == DatabaseState.Down ? "missing" : "found";
            yield return $"{seen} {name}: {SafeText.Of(database.Id.Path)}, {Words.State(database)}{OwnerPart(database)}{SizePart(view)}{ReasonPart(database)}";
            yield break;
        }

        if (old.Database.State != database.State) yield return $"{name}: {Words.State(old.Database)} -> {Words.State(database)}{OwnerPart(database)}{ReasonPart(database)}";
        else if (old.Database.OwnerPid != database.OwnerPid) yield return $"{name}: owner {OwnerOrNone(old.Database)} -> {OwnerOrNone(database)}";
    }

    private static IEnumerable<string> Alerts(DatabaseView? old, DatabaseView view)
    {
        // Resolved ones of before the node started are old news.
        foreach (var episode in view.Episodes.Where(e => old is not null || e.Open).OrderBy(e => e.ChangedAt))
        {
            var was = old?.Episodes.FirstOrDefault(e => e.Id == episode.Id);
            if (was?.State == episode.State || (was is null && !episode.Open && old!.Latest is null)) continue;
            yield return $"alert {Words.Alert(episode.State)}: {SafeText.Of(episode.Rule)} ({episode.Severity.ToString().ToLowerInvariant()}) {SafeText.Of(view.Database.Name)}: {SafeText.Of(episode.Reason)}";
        }
    }

    private static string OwnerPart(DatabaseDescription database) => Words.Owner(database) is { Length: > 0 } owner ? $", owner {owner}" : "";

    private static string OwnerOrNone(DatabaseDescription database) => Words.Owner(database) is { Length: > 0 } owner ? owner : "none";

    private static string SizePart(DatabaseView view) => Figures.Value(view, MetricCatalog.FileSizeBytes) is null ? "" : $", {Figures.Bytes(view, MetricCatalog.FileSizeBytes)}";

    private static string ReasonPart(DatabaseDescription database) => database.Reason is { } reason ? $": {SafeText.Of(reason)}" : "";
}

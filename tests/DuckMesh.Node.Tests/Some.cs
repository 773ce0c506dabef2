using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Tests;

/// <summary>Plain examples.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static FleetSnapshot Fleet(params DatabaseView[] views) => new(Noon, [.. views.OrderBy(v => v.Database.Id)]);

    public static DatabaseView View(string name, params (Series Series, double Value)[] samples) => View(new DatabaseId("h1", null, $"/srv/{name}.duckdb"), name, samples);

    public static DatabaseView View(DatabaseId id, string name, params (Series Series, double Value)[] samples) =>
        View(new DatabaseDescription(id, name, DatabaseState.Up, false, null), samples);

    public static DatabaseView View(DatabaseDescription description, params (Series Series, double Value)[] samples)
    {
        var values = Batch.NoValues();
        foreach (var (series, value) in samples) values[series.Index] = value;
        return new DatabaseView(description, new Batch(description, Noon, values) { LastSeen = Noon }, [], []);
    }

    public static DatabaseView With(this DatabaseView view, Func<DatabaseDescription, DatabaseDescription> change) => view with { Database = change(view.Database) };

    public static DatabaseView With(this DatabaseView view, params Episode[] episodes) => view with { Episodes = [.. view.Episodes, .. episodes] };

    public static Episode Episode(DatabaseView view, string rule, EpisodeState state, int minutesAgo = 5, Severity severity = Severity.High)
    {
        var since = Noon.AddMinutes(-minutesAgo);
        return new Episode(
            Model.Alerts.Episode.IdOf(view.Database.Id, rule, since), view.Database.Id, rule, severity, state, since, since, 1, 0.97, 0.9, "97 % is over 90 %")
        {
            FiredAt = state == EpisodeState.Firing ? since : null,
        };
    }
}

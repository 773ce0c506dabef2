using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Tests;

/// <summary>Plain examples.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static readonly DatabaseId Orders = new("h1", null, "/srv/orders.duckdb");

    public static Transition Transition(int number, EpisodeState to = EpisodeState.Firing, DatabaseId? database = null) => new(
        Episode.IdOf(database ?? Orders, "DiskFull", Noon), number, database ?? Orders, "DiskFull", Severity.High, to, Noon.AddSeconds(number), Noon, 0.95, 0.9, "95 % of 90 %");

    public static StoredDatabase Stored(DatabaseId? id = null, bool configured = false) =>
        new(id ?? Orders, "orders", configured, Noon, 0, null, [], []);
}

using DuckDB.NET.Data;

namespace DuckMesh.History.Embedded;

/// <summary>The tables, version by version. A step that has been released is never changed; a change is a new step.</summary>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE series (series INTEGER PRIMARY KEY, metric VARCHAR NOT NULL, database VARCHAR NOT NULL, host VARCHAR NOT NULL, labels VARCHAR NOT NULL, retention_days INTEGER NOT NULL);
        CREATE TABLE blocks (id VARCHAR PRIMARY KEY, number BIGINT NOT NULL);
        CREATE TABLE samples_1h (series INTEGER NOT NULL, ts TIMESTAMP NOT NULL, n UINTEGER NOT NULL, total DOUBLE NOT NULL, lo DOUBLE NOT NULL, hi DOUBLE NOT NULL);
        CREATE TABLE hours (hour TIMESTAMP PRIMARY KEY, rolled BOOLEAN NOT NULL);
        CREATE TABLE expiry (expired_at TIMESTAMP NOT NULL);
        CREATE TABLE events (id VARCHAR PRIMARY KEY, ts TIMESTAMP NOT NULL, kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, database VARCHAR NOT NULL, host VARCHAR NOT NULL,
          text VARCHAR NOT NULL, episode VARCHAR, rule VARCHAR, severity VARCHAR, state VARCHAR, value DOUBLE, threshold DOUBLE);
        """,
    ];

    /// <summary>The version that this assembly writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>The version of a file; null when it has no tables yet.</summary>
    public static int? VersionOf(DuckDBConnection connection)
    {
        if (connection.Read("SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_versions'", _ => 0, CancellationToken.None).Count == 0) return null;
        var versions = connection.Read("SELECT version FROM schema_versions", row => row.GetInt32(0), CancellationToken.None);
        return versions.Count == 0 ? null : versions.Max();
    }

    /// <summary>Brings the file up to <see cref="Version"/> in one transaction; a newer file is left as it is.</summary>
    public static void Migrate(DuckDBConnection connection, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, migrated_at TIMESTAMP NOT NULL)");
        for (var version = (VersionOf(connection) ?? 0) + 1; version <= Version; version++)
        {
            connection.Execute(Steps[version - 1]);
            connection.Execute("INSERT INTO schema_versions VALUES ($version, $now)", ("version", version), ("now", now.UtcDateTime));
        }

        transaction.Commit();
    }
}

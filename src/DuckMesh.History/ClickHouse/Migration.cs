using System.Globalization;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.Utility;

namespace DuckMesh.History.ClickHouse;

/// <summary>Makes the database and its tables, or brings them up to this version. Changes nothing when they are, and then needs no right to.</summary>
internal sealed class Migration(ClickHouseServer server, ClickHouseAddress address)
{
    /// <summary>The first long-term release in which a block that is sent again passes through a materialized view once (since 24.7).</summary>
    public static readonly Version Oldest = new(24, 8);

    /// <summary>A database that is always there: ours may not be yet.</summary>
    private const string System = "system";

    public async Task RunAsync(CancellationToken cancellation)
    {
        await RequireServerAsync(cancellation).ConfigureAwait(false);
        var tables = await TablesAsync(cancellation).ConfigureAwait(false);
        if (tables.Count == 0)
            await MakeDatabaseAsync(cancellation).ConfigureAwait(false);
        var stored = tables.Contains(Schema.Versions) ? await StoredVersionAsync(cancellation).ConfigureAwait(false) : 0;
        if (stored == Schema.Version && Schema.Tables.All(tables.Contains))
            return;

        foreach (var step in Schema.Steps)
            await server.RunAsync(step, null, cancellation).ConfigureAwait(false);
        await server.InsertAsync(Schema.Versions, [new SchemaVersionRow(Schema.Version)], $"schema-{Schema.Version}", cancellation).ConfigureAwait(false);
    }

    /// <summary>Fails unless the tables are of this version.</summary>
    public async Task RequireTablesAsync(CancellationToken cancellation)
    {
        if (await StoredVersionAsync(cancellation).ConfigureAwait(false) < Schema.Version)
            throw new HistoryException(HistoryFault.Schema, $"ClickHouse at {address} holds history of an older version: migrate it");
    }

    /// <summary>Fails if a column is missing or of another type: then it is not the rows that don't fit.</summary>
    public async Task RequireColumnsAsync(CancellationToken cancellation)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("columns", Schema.Columns.ToArray());
        var missing = await server.ReadAsync(
            "SELECT arrayJoin({columns:Array(String)}) AS expected WHERE expected NOT IN (SELECT concat(table, ' ', name, ' ', type) FROM system.columns WHERE database = currentDatabase())",
            parameters, null, row => row.GetString(0), cancellation).ConfigureAwait(false);
        if (missing.Length > 0)
            throw new HistoryException(HistoryFault.Schema, $"ClickHouse at {address} has no column '{missing[0]}': who changed the table? Rename it, and it is made again");
    }

    private async Task RequireServerAsync(CancellationToken cancellation)
    {
        var told = (string?)await server.ScalarAsync("SELECT version()", null, System, cancellation).ConfigureAwait(false);
        if (!Version.TryParse(told, out var version) || version < Oldest)
            throw new HistoryException(HistoryFault.Refused, $"ClickHouse at {address} is version {told}; {Oldest} or newer is needed, or a block that is sent again is counted twice");
    }

    private async Task<HashSet<string>> TablesAsync(CancellationToken cancellation) =>
        [.. await server.ReadAsync("SELECT name FROM tables WHERE database = {database:String}", Database(), System, row => row.GetString(0), cancellation).ConfigureAwait(false)];

    private async Task MakeDatabaseAsync(CancellationToken cancellation)
    {
        // Asked first: who may not make a database may still use one that is there.
        var found = await server.ScalarAsync("SELECT count() FROM databases WHERE name = {database:String}", Database(), System, cancellation).ConfigureAwait(false);
        if (Convert.ToInt64(found, CultureInfo.InvariantCulture) == 0)
            await server.RunAsync("CREATE DATABASE IF NOT EXISTS {database:Identifier}", Database(), cancellation, System).ConfigureAwait(false);
    }

    private async Task<uint> StoredVersionAsync(CancellationToken cancellation)
    {
        var stored = Convert.ToUInt32(await server.ScalarAsync($"SELECT max(version) FROM {Schema.Versions}", null, null, cancellation).ConfigureAwait(false), CultureInfo.InvariantCulture);
        return stored <= Schema.Version ? stored : throw new HistoryException(
            HistoryFault.Newer, $"ClickHouse at {address} holds history of version {stored}, this DuckMesh knows up to {Schema.Version}: use a newer DuckMesh, or another database");
    }

    private ClickHouseParameterCollection Database()
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("database", address.Database);
        return parameters;
    }
}

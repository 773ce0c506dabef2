using Npgsql;

namespace DuckMesh.Cluster.Postgres;

/// <summary>One node of a cluster at a time: held until the transaction ends.</summary>
public static class PostgresLock
{
    /// <summary>A holder that has stopped in the middle, and a line that was cut, must not keep the others out for ever: the server ends such a transaction.</summary>
    private const string HoldFor = "5s";

    public static async Task TakeAsync(PostgresDatabase database, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"set local idle_in_transaction_session_timeout = '{HoldFor}'; set local statement_timeout = '{HoldFor}'", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        // Advisory locks are the whole database's: the name of the schema keeps clusters apart.
        await using var take = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = database.SchemaName } } };
        await take.ExecuteNonQueryAsync(cancellation);
    }
}

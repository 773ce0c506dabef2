using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using DuckMesh.Cluster.Postgres;
using LinqToDB;

namespace DuckMesh.Cluster.Journal;

/// <summary>The journal of a cluster: tables that all nodes share, in the cluster's own schema of a PostgreSQL database.</summary>
public sealed class PostgresJournal(PostgresDatabase database) : IJournal
{
    /// <summary>For the plug-in exactly this text makes the column <c>ordering</c> a bigint identity; newer servers speak it as well.</summary>
    private const string Provider = "PostgreSQL.15";

    public string HoconFile => "cluster.conf";

    /// <summary>The name of a cluster needs no escaping; the connection string is in <see cref="Setup"/> only.</summary>
    public Config Hocon() => ConfigurationFactory.ParseString(
        $$"""
        akka.persistence.journal.sql { provider-name = "{{Provider}}", default.schema-name = "{{database.SchemaName}}" }
        akka.persistence.snapshot-store.sql { provider-name = "{{Provider}}", default.schema-name = "{{database.SchemaName}}" }
        """);

    public Setup Setup() => new DataOptionsSetup(new DataOptions().UseConnectionString(Provider, database.ConnectionString));

    public async Task PulseAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand($"insert into {database.Schema}.pulse (id, at) values (1, $1) on conflict (id) do update set at = excluded.at");
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public string Explain(Exception failure) => database.Explain(failure);
}

using Npgsql;

namespace DuckMesh.Cluster.Postgres;

/// <summary>
/// The tables of a cluster, made here and not by the persistence plug-in: nodes that start at the same moment would make them at the same time, which PostgreSQL
/// answers with errors even to <c>create table if not exists</c>. They are the plug-in's own tables to the letter; a test compares them.
/// </summary>
public static class PostgresTables
{
    /// <summary>Raised with every change of the tables.</summary>
    public const int Version = 1;

    /// <summary>Makes what is missing. One node at a time; each statement does nothing where its work is done.</summary>
    /// <exception cref="NpgsqlException">The database can't be reached, or does not allow it.</exception>
    /// <exception cref="NewerTablesException">A newer version of DuckMesh has changed the tables.</exception>
    public static async Task PrepareAsync(PostgresDatabase database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await PostgresLock.TakeAsync(database, connection, cancellation);
        var version = await VersionAsync(database, connection, cancellation);
        if (version > Version) throw new NewerTablesException(database.SchemaName, version.Value);
        if (version is null)
        {
            await using var make = new NpgsqlCommand(Statements(database.Schema), connection);
            await make.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Null: no tables yet.</summary>
    private static async Task<int?> VersionAsync(PostgresDatabase database, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = $"{database.Schema}.cluster" } } };
        if (await exists.ExecuteScalarAsync(cancellation) is false) return null;
        await using var command = new NpgsqlCommand($"select version from {database.Schema}.cluster", connection);
        return (int?)await command.ExecuteScalarAsync(cancellation);
    }

    private static string Statements(string schema) =>
        $"""
        create schema if not exists {schema};

        create table {schema}.journal (
          ordering bigint generated always as identity,
          deleted boolean not null,
          persistence_id text not null,
          sequence_number bigint not null,
          created bigint not null,
          message bytea not null,
          manifest text null,
          identifier integer null,
          writer_uuid text null,
          constraint "PK_journal" primary key (ordering),
          constraint journal_uq unique (persistence_id, sequence_number));
        create index journal_created_idx on {schema}.journal (created);
        create index journal_sequence_number_idx on {schema}.journal (sequence_number);
        create table {schema}.tags (
          ordering_id bigint not null,
          tag text not null,
          sequence_nr bigint not null,
          persistence_id text not null,
          constraint "PK_tags" primary key (ordering_id, tag));
        create index tags_tag_idx on {schema}.tags (tag);
        create index tags_persistence_id_sequence_nr_idx on {schema}.tags (persistence_id, sequence_nr);
        create table {schema}.snapshot (
          created bigint not null,
          persistence_id text not null,
          sequence_number bigint not null,
          snapshot bytea null,
          manifest text null,
          serializer_id integer null,
          constraint "PK_snapshot" primary key (persistence_id, sequence_number));
        create index snapshot_created_idx on {schema}.snapshot (created);
        create index snapshot_sequence_number_idx on {schema}.snapshot (sequence_number);

        create table {schema}.pulse (id integer primary key check (id = 1), at timestamptz not null);
        create table {schema}.cluster (id integer primary key check (id = 1), version integer not null, founding bigint not null);
        insert into {schema}.cluster (id, version, founding) values (1, {Version}, 0);
        create table {schema}.member (
          host text primary key,
          node text not null,
          address text not null,
          uid integer not null,
          http text null,
          version text not null,
          state text not null check (state in ('starting', 'joining', 'up', 'down')),
          founding bigint not null,
          seen_at timestamptz not null);
        create table {schema}.lease (name text primary key, owner text not null, expires_at timestamptz not null);
        """;
}

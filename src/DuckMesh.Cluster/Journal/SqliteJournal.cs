using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace DuckMesh.Cluster.Journal;

/// <summary>
/// The journal of a single node: a SQLite file in its data folder. WAL and <c>synchronous=normal</c>, without which 1,000 writers time out; a killed process
/// loses nothing, a power cut at most the last moment.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    public const string FileName = "journal.sqlite";

    /// <summary>How long a writer waits for another: the journal, the snapshot store and the pulse share one file.</summary>
    private const int BusyMilliseconds = 5_000;

    private SqliteJournal(string folder) => ConnectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName), Pooling = true }.ToString();

    public string HoconFile => "single.conf";

    public string ConnectionString { get; }

    /// <summary>Opens or makes the file; puts it into WAL mode, which it keeps, and makes the pulse's table.</summary>
    /// <exception cref="SqliteException">The file can't be made or is no journal.</exception>
    public static SqliteJournal Open(string folder)
    {
        var journal = new SqliteJournal(folder);
        using var connection = new SqliteConnection(journal.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"{Pragmas} pragma journal_mode=wal; create table if not exists duckmesh_pulse (id integer primary key check (id = 1), at text not null);";
        command.ExecuteNonQuery();
        return journal;
    }

    public async Task PulseAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"{Pragmas} insert into duckmesh_pulse (id, at) values (1, $at) on conflict (id) do update set at = excluded.at;";
        command.Parameters.AddWithValue("$at", now.ToString("O"));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The connection string for the plug-ins, from code: HOCON knows no environment.</summary>
    public Config Hocon() => ConfigurationFactory.ParseString(
        $$"""
        akka.persistence.journal.sql.connection-string = {{Quoted(ConnectionString)}}
        akka.persistence.snapshot-store.sql.connection-string = {{Quoted(ConnectionString)}}
        """);

    /// <summary>Pragmas that hold per connection are set on each that is opened.</summary>
    public Setup Setup() => new DataOptionsSetup(new DataOptions().UseConnectionString("SQLite.MS", ConnectionString).UseInterceptor(new OnOpened()));

    public string Explain(Exception failure) => failure.GetBaseException().Message;

    private static string Pragmas => $"pragma synchronous=normal; pragma busy_timeout={BusyMilliseconds};";

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private sealed class OnOpened : ConnectionInterceptor
    {
        public override void ConnectionOpened(ConnectionEventData eventData, System.Data.Common.DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(ConnectionEventData eventData, System.Data.Common.DbConnection connection, CancellationToken cancellationToken)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

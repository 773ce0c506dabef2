using System.Globalization;
using System.Threading.Channels;
using Akka.Actor;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Journal;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Cluster.Tests.Journal;
using DuckMesh.Cluster.Tests.Postgres;
using DuckMesh.Model.Databases;
using DuckMesh.Postgres;
using Microsoft.Data.Sqlite;
using Prometheus;

namespace DuckMesh.Cluster.Tests.Ledger;

/// <summary>A ledger on both real journals: what is kept, and from what it recovers.</summary>
[Collection(OnPostgres.Name)]
public sealed class LedgerActorTests(PostgresFixture postgres) : IDisposable
{
    /// <summary>Three snapshots at 200, 400 and 600, and some events after the last.</summary>
    private const int Events = 650;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task On_PostgreSQL_events_that_two_snapshots_cover_are_deleted_and_the_story_is_whole()
    {
        var database = await postgres.PreparedAsync("c");
        await TellAndRecoverAsync(() => new PostgresJournal(database), async table =>
            long.Parse((await PostgresServer.QueryAsync(database.ConnectionString, $"select count(*) from {database.Schema}.{table} where persistence_id = 'cell-h1/0'")).Single(), CultureInfo.InvariantCulture));
    }

    [Fact]
    public Task On_SQLite_events_that_two_snapshots_cover_are_deleted_and_the_story_is_whole() => TellAndRecoverAsync(() => SqliteJournal.Open(_folder), async table =>
    {
        await using var connection = new SqliteConnection(SqliteJournal.Open(_folder).ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from {table} where persistence_id = 'cell-h1/0'";
        return (long)(await command.ExecuteScalarAsync())!;
    });

    /// <param name="count">The cell's rows in a table.</param>
    private static async Task TellAndRecoverAsync(Func<IJournal> journal, Func<string, Task<long>> count)
    {
        var before = await WithLedgerAsync(journal(), async (cell, heard) =>
        {
            var state = await StateAsync(heard);
            Assert.Empty(state.Databases);
            for (var i = 0; i < Events; i++)
            {
                cell.Tell(new LedgerProtocol.Store([new CellEvent.Discovered([new FoundDatabase(new DatabaseId("h1", null, $"/srv/{i}.duckdb"), $"db{i}", false)], Some.Noon)]));
                state = await StateAsync(heard);
            }

            // With the snapshot at 600 all up to 400 are deleted; the plug-in keeps the last of them as a mark.
            await Until(() => count("journal"), rows => rows <= Events - 400 + 1);
            await Until(() => count("snapshot"), rows => rows == 1);
            return state;
        });
        Assert.Equal(Events, before.Databases.Count);

        // Whole, though most events are gone: it begins with the snapshot.
        var after = await WithLedgerAsync(journal(), (_, heard) => StateAsync(heard));

        Assert.Equal(before.Databases.Keys.Select(d => d.Path).Order(StringComparer.Ordinal), after.Databases.Keys.Select(d => d.Path).Order(StringComparer.Ordinal));
    }

    private static async Task<CellState> WithLedgerAsync(IJournal journal, Func<IActorRef, ChannelReader<object>, Task<CellState>> tell)
    {
        var system = JournalSystem.Create(journal);
        var heard = Channel.CreateUnbounded<object>();
        try
        {
            return await tell(system.ActorOf(Props.Create(() => new Cell(heard.Writer))), heard.Reader);
        }
        finally
        {
            await system.Terminate().WaitAsync(Deadline);
        }
    }

    private static async Task<CellState> StateAsync(ChannelReader<object> heard)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await heard.ReadAsync(deadline.Token) switch
        {
            LedgerProtocol.Recovered recovered => recovered.State,
            LedgerProtocol.Stored stored => stored.State,
            var other => throw new InvalidOperationException($"{other}"),
        };
    }

    private static async Task Until(Func<Task<long>> rows, Func<long, bool> enough)
    {
        var end = DateTime.UtcNow + Deadline;
        long seen;
        while (!enough(seen = await rows()))
        {
            Assert.True(DateTime.UtcNow < end, $"not in {Deadline}: {seen} rows");
            await Task.Delay(50);
        }
    }

    /// <summary>Passes on what is between it and its ledger.</summary>
    private sealed class Cell(ChannelWriter<object> heard) : UntypedActor
    {
        private IActorRef _ledger = ActorRefs.Nobody;

        protected override void PreStart() => _ledger = Context.ActorOf(Props.Create(() => new LedgerActor("h1/0", new NodeMetrics(Metrics.NewCustomRegistry()))));

        protected override void OnReceive(object message)
        {
            if (message is LedgerProtocol.Store) _ledger.Tell(message);
            else heard.TryWrite(message);
        }
    }
}

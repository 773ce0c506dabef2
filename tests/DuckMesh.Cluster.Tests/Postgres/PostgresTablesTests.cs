using Akka.Actor;
using Akka.Persistence;
using DuckMesh.Cluster.Journal;
using DuckMesh.Cluster.Postgres;
using DuckMesh.Cluster.Tests.Journal;
using DuckMesh.Postgres;

namespace DuckMesh.Cluster.Tests.Postgres;

[Collection(OnPostgres.Name)]
public sealed class PostgresTablesTests(PostgresFixture postgres)
{
    private const string ShapeOfPlugInTables =
        """
        select format('%s.%s %s %s %s %s', c.table_name, c.column_name, c.data_type, c.character_maximum_length, c.is_nullable, c.is_identity)
        from information_schema.columns c where c.table_schema = 'SCHEMA' and c.table_name in ('journal', 'tags', 'snapshot')
        union all select replace(indexdef, 'SCHEMA.', '') from pg_indexes where schemaname = 'SCHEMA' and tablename in ('journal', 'tags', 'snapshot')
        order by 1
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_journal_s_tables_are_to_the_letter_those_that_the_plug_in_would_make()
    {
        var connection = await postgres.DatabaseAsync();
        await using var ours = new PostgresDatabase(connection, "ours");
        await using var theirs = new PostgresDatabase(connection, "theirs");
        await PostgresTables.PrepareAsync(ours, CancellationToken.None);
        await PostgresServer.ExecuteAsync(connection, "create schema duckmesh_theirs");
        await LetThePlugInMakeItsTablesAsync(theirs);

        var made = await PostgresServer.QueryAsync(connection, ShapeOfPlugInTables.Replace("SCHEMA", ours.SchemaName, StringComparison.Ordinal));
        Assert.NotEmpty(made);
        Assert.Equal(
            string.Join('\n', await PostgresServer.QueryAsync(connection, ShapeOfPlugInTables.Replace("SCHEMA", theirs.SchemaName, StringComparison.Ordinal))), string.Join('\n', made));
    }

    [Fact]
    public async Task Many_nodes_that_make_the_tables_at_once_do_no_harm()
    {
        var connection = await postgres.DatabaseAsync();
        await using var database = new PostgresDatabase(connection, "Prod-1");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostgresTables.PrepareAsync(database, CancellationToken.None)));

        Assert.Equal(["1"], await PostgresServer.QueryAsync(connection, "select version from \"duckmesh_Prod-1\".cluster"));
    }

    [Fact]
    public async Task Tables_of_a_newer_version_are_refused_with_one_line()
    {
        var connection = await postgres.DatabaseAsync();
        await using var database = new PostgresDatabase(connection, "c");
        await PostgresTables.PrepareAsync(database, CancellationToken.None);
        await PostgresServer.ExecuteAsync(connection, "update duckmesh_c.cluster set version = 99");

        var refused = await Assert.ThrowsAsync<NewerTablesException>(() => PostgresTables.PrepareAsync(database, CancellationToken.None));

        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static async Task LetThePlugInMakeItsTablesAsync(PostgresDatabase database)
    {
        var system = JournalSystem.Create(
            new PostgresJournal(database), "akka { actor.provider = local, persistence { journal.sql.auto-initialize = true, snapshot-store.sql.auto-initialize = true } }");
        try
        {
            var story = system.ActorOf(Props.Create(() => new Story()));
            Assert.Equal("kept", await story.Ask<string>("keep", Deadline));
        }
        finally
        {
            await system.Terminate().WaitAsync(Deadline);
        }
    }

    /// <summary>Stores an event and a snapshot, so that both plug-ins have been at work.</summary>
    private sealed class Story : UntypedPersistentActor
    {
        private IActorRef? _asker;

        public override string PersistenceId => "story";

        protected override void OnRecover(object message)
        {
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case "keep":
                    _asker = Sender;
                    Persist("event", SaveSnapshot);
                    break;
                case SaveSnapshotSuccess:
                    _asker.Tell("kept");
                    break;
            }
        }
    }
}

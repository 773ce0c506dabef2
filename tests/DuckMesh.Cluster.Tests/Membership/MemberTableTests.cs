using DuckMesh.Cluster.Membership;
using DuckMesh.Cluster.Postgres;
using DuckMesh.Cluster.Tests.Postgres;
using DuckMesh.Postgres;
using Npgsql;

namespace DuckMesh.Cluster.Tests.Membership;

/// <summary>The table of members in a real PostgreSQL.</summary>
[Collection(OnPostgres.Name)]
public sealed class MemberTableTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Cluster = "Blue-1";

    private string _connection = "";
    private PostgresDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await postgres.PreparedAsync(Cluster);
        _connection = _database.ConnectionString;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Of_many_nodes_that_start_at_once_exactly_one_founds_and_all_others_are_sent_to_it()
    {
        for (var round = 0; round < 5; round++)
        {
            await PostgresServer.ExecuteAsync(_connection, $"delete from {_database.Schema}.member");

            var steps = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => DecideAsync(Table($"h{i}"), $"h{i}"))));

            Assert.Single(steps.OfType<FormationStep.Found>());
            var joins = steps.OfType<FormationStep.Join>().ToList();
            Assert.Equal(23, joins.Count);
            Assert.Single(joins.SelectMany(j => j.Addresses).Distinct());
        }
    }

    [Fact]
    public async Task Two_clusters_in_one_database_know_nothing_of_each_other()
    {
        await using var green = new PostgresDatabase(_connection, "green");
        await PostgresTables.PrepareAsync(green, CancellationToken.None);

        Assert.IsType<FormationStep.Found>(await DecideAsync(Table("h1"), "h1"));
        Assert.IsType<FormationStep.Found>(await DecideAsync(new MemberTable(green, Identity("h2")), "h2"));
    }

    [Fact]
    public async Task A_member_stays_one_by_its_beats()
    {
        var table = Table("h1");
        await FoundAsync(table, "h1");
        await AgeAsync("h1", "1 hour");

        Assert.Null(await table.BeatAsync(1, [], CancellationToken.None));

        Assert.IsType<FormationStep.Join>(await DecideAsync(Table("h2"), "h2"));
    }

    [Theory]
    [InlineData("29 seconds", true)]
    [InlineData("31 seconds", false)]
    [InlineData("-10 seconds", true)]
    [InlineData("-1 hour", false)]   // the database's clock was put back: until the next beat nobody can say
    public async Task A_member_is_heard_of_for_thirty_seconds_of_the_database_s_clock(string age, bool heard)
    {
        await FoundAsync(Table("h1"), "h1");
        await AgeAsync("h1", age);

        var step = await DecideAsync(Table("h2"), "h2");

        Assert.True(heard ? step is FormationStep.Join : step is FormationStep.Wait, $"{step}");
    }

    [Fact]
    public async Task Who_leaves_is_not_waited_for()
    {
        var table = Table("h1");
        await FoundAsync(table, "h1");
        await table.LeaveAsync(CancellationToken.None);

        Assert.Equal(new FormationStep.Found(2), await DecideAsync(Table("h2"), "h2"));
    }

    [Fact]
    public async Task Who_was_given_up_learns_it_with_its_next_beat()
    {
        var lost = Table("h1");
        var other = Table("h2");
        await FoundAsync(lost, "h1");
        await DecideAsync(other, "h2");
        Assert.Null(await lost.BeatAsync(1, [], CancellationToken.None));

        Assert.Null(await other.BeatAsync(1, [new GivenUp("akka://h1", 7)], CancellationToken.None));

        Assert.Contains("given it up", await lost.BeatAsync(1, [], CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_give_up_one_run_of_a_node_does_not_touch_the_next()
    {
        await FoundAsync(Table("h2"), "h2");
        var next = new MemberTable(_database, Identity("h1") with { Uid = 8 });
        await DecideAsync(next, "h1");

        Assert.Null(await Table("h2").BeatAsync(1, [new GivenUp("akka://h1", 7)], CancellationToken.None));

        Assert.Null(await next.BeatAsync(1, [], CancellationToken.None));
    }

    [Fact]
    public async Task A_member_that_was_not_heard_of_learns_that_the_cluster_was_founded_anew()
    {
        var before = Table("h1");
        await FoundAsync(before, "h1");
        await PostgresServer.ExecuteAsync(_connection, $"update {_database.Schema}.cluster set founding = 2");

        Assert.Contains("founded anew", await before.BeatAsync(1, [], CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_whose_host_another_node_has_taken_learns_it()
    {
        var before = Table("h1");
        await FoundAsync(before, "h1");
        await AgeAsync("h1", "1 minute");
        var heir = new MemberTable(_database, Identity("h1") with { Node = new NodeId("00000000000000ff"), Address = "akka://heir" });
        Assert.IsType<FormationStep.Found>(await heir.DecideAsync(_ => new FormationStep.Found(1), CancellationToken.None));

        var why = await before.BeatAsync(1, [], CancellationToken.None);

        Assert.Contains("akka://heir", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_stops_in_the_middle_of_its_decision_keeps_the_others_out_for_seconds_only()
    {
        await using var stopped = new NpgsqlConnection(_database.ConnectionString);
        await stopped.OpenAsync();
        await using var transaction = await stopped.BeginTransactionAsync();
        await PostgresLock.TakeAsync(_database, stopped, CancellationToken.None);

        var step = await EventuallyAsync(() => DecideAsync(Table("h1"), "h1"));

        Assert.IsType<FormationStep.Found>(step);
    }

    [Fact]
    public async Task Rows_of_nodes_that_are_gone_for_a_week_are_cleared_away()
    {
        await FoundAsync(Table("h1"), "h1");
        await DecideAsync(Table("h2"), "h2");
        await AgeAsync("h2", "8 days");

        Assert.Null(await Table("h1").BeatAsync(1, [], CancellationToken.None));

        Assert.Equal(["h1"], await PostgresServer.QueryAsync(_connection, $"select host from {_database.Schema}.member"));
    }

    private static async Task<FormationStep> EventuallyAsync(Func<Task<FormationStep>> decide)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await decide();
            }
            catch (NpgsqlException) when (tries < 5)
            {
                // The lock is still taken: the statement's own deadline has passed.
            }
        }
    }

    private static async Task FoundAsync(MemberTable table, string host) => Assert.IsType<FormationStep.Found>(await DecideAsync(table, host));

    private static Task<FormationStep> DecideAsync(MemberTable table, string host) => table.DecideAsync(new Formation(host, Identity(host).Node, "akka", TimeProvider.System).Decide, CancellationToken.None);

    private MemberTable Table(string host) => new(_database, Identity(host));

    private static MemberIdentity Identity(string host) => new(host, new NodeId(host[1..].PadLeft(16, '0')), $"akka://{host}", 7, $"{host}:9642", "1.2.3");

    private Task AgeAsync(string host, string age) =>
        PostgresServer.ExecuteAsync(_connection, $"update {_database.Schema}.member set seen_at = clock_timestamp() - interval '{age}' where host = '{host}'");
}

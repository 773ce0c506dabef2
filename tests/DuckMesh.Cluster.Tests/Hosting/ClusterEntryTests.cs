using DuckMesh.Cluster.Tests.Postgres;
using DuckMesh.Postgres;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>Whole nodes on a real PostgreSQL: how they come together, and what keeps them from it.</summary>
[Collection(OnPostgres.Name)]
public sealed class ClusterEntryTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Nodes_that_start_at_the_same_moment_on_an_empty_database_become_one_cluster()
    {
        var database = await postgres.DatabaseAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => MonitorNode.StartAsync(database, $"h{i}")));
        try
        {
            foreach (var node in nodes) await node.ReadyAsync();
            await MonitorNode.Until(() => Task.FromResult(nodes.All(n => n.Members.Count == 3)), () => string.Join('\n', nodes.Select(n => n.Describe())));
            Assert.Equal(["1"], await PostgresServer.QueryAsync(database, "select founding from duckmesh_duckmesh.cluster"));
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }

        Assert.Empty(await PostgresServer.QueryAsync(database, "select host from duckmesh_duckmesh.member"));
    }

    [Fact]
    public async Task Nodes_of_two_cluster_names_in_one_database_are_two_clusters()
    {
        var database = await postgres.DatabaseAsync();
        await using var blue = await MonitorNode.StartAsync(database, "h1", "blue");
        await using var green = await MonitorNode.StartAsync(database, "h2", "green");

        await blue.ReadyAsync();
        await green.ReadyAsync();
        // The cluster's own picture, which the test looks at, lags behind its events.
        await blue.SeesMembersAsync(1);
        await green.SeesMembersAsync(1);

        Assert.Equal((1, 1), (blue.Members.Count, green.Members.Count));
    }

    [Fact]
    public async Task A_second_node_of_one_host_ends_with_one_line_and_the_first_stays()
    {
        var database = await postgres.DatabaseAsync();
        await using var first = await MonitorNode.StartAsync(database, "h1");
        await first.ReadyAsync();

        await using var second = await MonitorNode.StartAsync(database, "h1");
        await second.EndedAsync();

        Assert.Equal(2, second.Status.End!.ExitCode);
        Assert.Contains("runs for the host h1", second.Status.End.Line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', second.Status.End.Line);
        Assert.Single(first.Members);
        Assert.True(first.Status.Ready);
    }

    [Fact]
    public async Task A_cluster_that_was_stopped_in_good_order_is_there_again_without_waiting_for_anybody()
    {
        var database = await postgres.DatabaseAsync();
        await using (var before = await MonitorNode.StartAsync(database, "h1"))
        {
            await before.ReadyAsync();
        }

        await using var after = await MonitorNode.StartAsync(database, "h2");
        await MonitorNode.Until(() => Task.FromResult(after.Status.MemberUp || after.Status.Formation is not null), after.Describe);

        Assert.Null(after.Status.Formation);
        Assert.Equal(["2"], await PostgresServer.QueryAsync(database, "select founding from duckmesh_duckmesh.cluster"));
    }

    [Fact]
    public async Task A_node_that_was_killed_founds_its_cluster_again_when_nobody_else_was_in_it()
    {
        var database = await postgres.DatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;
        try
        {
            await using (var before = await MonitorNode.StartAsync(database, "h1", folder: folder))
            {
                await before.ReadyAsync();
                await PostgresServer.ExecuteAsync(database, "create table kept as select * from duckmesh_duckmesh.member");
            }

            await PostgresServer.ExecuteAsync(database, "insert into duckmesh_duckmesh.member select * from kept");
            await using var after = await MonitorNode.StartAsync(database, "h1", folder: folder);
            await after.ReadyAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_node_that_the_others_have_given_up_ends_and_says_so()
    {
        var database = await postgres.DatabaseAsync();
        await using var node = await MonitorNode.StartAsync(database, "h1");
        await node.ReadyAsync();

        await PostgresServer.ExecuteAsync(database, "update duckmesh_duckmesh.member set state = 'down'");
        await node.EndedAsync();

        Assert.Equal(3, node.Status.End!.ExitCode);
        Assert.Contains("given it up", node.Status.End.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_database_a_node_waits_says_so_once_and_joins_when_it_is_there()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await server.StopAsync();
        var log = new KeptLog();
        await using var node = await MonitorNode.StartAsync(database, "h1", log: log);

        await MonitorNode.Until(() => Task.FromResult(node.Status.Formation is not null), node.Describe);
        Assert.Contains("does not answer", node.Status.Formation, StringComparison.Ordinal);
        Assert.NotNull(node.Status.JournalError);
        await log.SeesAsync("does not answer", MonitorNode.Deadline);
        Assert.False(node.Status.MemberUp);

        await server.StartAgainAsync();
        await node.ReadyAsync();
        Assert.Null(node.Status.Formation);
        Assert.Single(log.Lines, l => l.Contains("does not answer", StringComparison.Ordinal) && l.StartsWith("Warning", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, l => l.Contains(PostgresServer.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(PostgresServer.Password, node.System.Settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password=wrong", "refuses the login")]
    [InlineData("Database=missing", "does not exist")]
    [InlineData("Port=1", "does not answer")]
    public async Task With_a_wrong_connection_string_a_node_waits_and_says_what_is_wrong_without_the_password(string change, string said)
    {
        var database = $"{await postgres.DatabaseAsync()};{change}";
        var log = new KeptLog();
        await using var node = await MonitorNode.StartAsync(database, "h1", log: log);

        await MonitorNode.Until(() => Task.FromResult(node.Status.Formation is not null), node.Describe);

        Assert.Contains(said, node.Status.Formation, StringComparison.Ordinal);
        Assert.False(node.Status.MemberUp);
        Assert.Empty(node.Cluster.State.Members);
        await log.SeesAsync(said, MonitorNode.Deadline);
        Assert.DoesNotContain(log.Lines, l => l.Contains(PostgresServer.Password, StringComparison.Ordinal) || l.Contains("wrong", StringComparison.Ordinal));
    }
}

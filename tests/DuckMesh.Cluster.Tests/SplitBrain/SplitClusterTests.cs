using DuckMesh.Cluster.Tests.Hosting;
using DuckMesh.Cluster.Tests.Postgres;
using DuckMesh.Postgres;

namespace DuckMesh.Cluster.Tests.SplitBrain;

/// <summary>Whole nodes that lose sight of each other while all reach the database, which is the dangerous case, and while it is away.</summary>
[Collection(OnPostgres.Name)]
public sealed class SplitClusterTests(PostgresFixture postgres) : IDisposable
{
    private readonly CutNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Of_three_the_one_that_is_cut_off_ends_and_says_why_and_the_two_go_on()
    {
        await using var nodes = await StartAsync(await postgres.DatabaseAsync(), 3);

        await CutNetwork.CutAsync([nodes[0]], [nodes[1], nodes[2]]);   // the oldest, which holds the coordinator
        await nodes[0].EndedAsync();

        Assert.Equal(3, nodes[0].Status.End!.ExitCode);
        Assert.DoesNotContain('\n', nodes[0].Status.End!.Line);
        await nodes[1].SeesMembersAsync(2);
        await nodes[2].SeesMembersAsync(2);
        Assert.Null(nodes[1].Status.End);
        Assert.Null(nodes[2].Status.End);
    }

    [Fact]
    public async Task Of_two_exactly_one_goes_on()
    {
        await using var nodes = await StartAsync(await postgres.DatabaseAsync(), 2);

        await CutNetwork.CutAsync([nodes[0]], [nodes[1]]);
        await MonitorNode.Until(() => Task.FromResult(nodes.Any(n => n.Status.End is not null)), nodes.Describe);
        var lost = nodes.First(n => n.Status.End is not null);
        var left = nodes.Single(n => n != lost);
        await lost.EndedAsync();
        await left.SeesMembersAsync(1);

        Assert.Null(left.Status.End);
        Assert.Contains("the other side has the lease", lost.Status.End!.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_starts_while_the_members_can_not_be_reached_founds_no_cluster()
    {
        var database = await postgres.DatabaseAsync();
        await using var member = await MonitorNode.StartAsync(database, "h1");
        await member.ReadyAsync();
        // Its beat writes the right address again and again; this stands for a line that is cut.
        await PostgresServer.ExecuteAsync(database,
            "create function duckmesh_duckmesh.cut() returns trigger language plpgsql as 'begin new.address = replace(new.address, ''127.0.0.1'', ''127.9.9.9''); return new; end'; "
            + "create trigger cut before insert or update on duckmesh_duckmesh.member for each row execute function duckmesh_duckmesh.cut(); update duckmesh_duckmesh.member set host = host");

        await using var starter = await MonitorNode.StartAsync(database, "h2");
        await MonitorNode.Until(() => Task.FromResult(starter.Status.Formation?.Contains("Asking", StringComparison.Ordinal) == true), starter.Describe);
        await MonitorNode.Until(async () => (await PostgresServer.QueryAsync(database, "select state from duckmesh_duckmesh.member where host = 'h2' and seen_at > (select min(seen_at) from duckmesh_duckmesh.member)")).Count == 1, starter.Describe);

        Assert.Empty(starter.Cluster.State.Members);
        Assert.Equal(["1"], await PostgresServer.QueryAsync(database, "select founding from duckmesh_duckmesh.cluster"));
    }

    [Fact]
    public async Task When_the_database_is_away_as_well_every_side_ends_and_says_why()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var nodes = await StartAsync(await server.CreateDatabaseAsync(), 2);

        await server.StopAsync();
        await CutNetwork.CutAsync([nodes[0]], [nodes[1]]);
        await nodes[0].EndedAsync();
        await nodes[1].EndedAsync();

        Assert.All(nodes, node =>
        {
            Assert.Equal(3, node.Status.End!.ExitCode);
            Assert.Contains("does not answer", node.Status.End.Line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task While_the_database_is_away_and_nobody_is_lost_all_go_on()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var nodes = await StartAsync(await server.CreateDatabaseAsync(), 2);

        await server.StopAsync();
        foreach (var node in nodes)
        {
            await MonitorNode.Until(() => Task.FromResult(node.Status.JournalError is not null), node.Describe);
            Assert.Equal(2, node.Members.Count);
        }

        await server.StartAgainAsync();
        foreach (var node in nodes) await node.ReadyAsync();
        Assert.All(nodes, node => Assert.Null(node.Status.End));
    }

    private Task<MonitorNodes> StartAsync(string database, int count) => MonitorNodes.StartAsync(database, count, _network.Cuttable);
}

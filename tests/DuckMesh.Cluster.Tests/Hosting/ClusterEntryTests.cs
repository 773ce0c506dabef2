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
}

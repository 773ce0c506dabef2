using DuckMesh.Cluster.Postgres;
using DuckMesh.Postgres;

namespace DuckMesh.Cluster.Tests.Postgres;

/// <summary>One server for all tests that do not stop it; each test makes its own database.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly List<PostgresDatabase> _databases = [];
    private PostgresServer? _server;

    internal PostgresServer Server => _server!;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var database in _databases) await database.DisposeAsync();
        await _server!.DisposeAsync();
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    internal Task<string> DatabaseAsync() => Server.CreateDatabaseAsync();

    /// <summary>A new database that has a cluster's tables.</summary>
    internal async Task<PostgresDatabase> PreparedAsync(string cluster)
    {
        var database = new PostgresDatabase(await DatabaseAsync(), cluster);
        _databases.Add(database);
        await PostgresTables.PrepareAsync(database, CancellationToken.None);
        return database;
    }
}

/// <summary>Tests on PostgreSQL run one after the other: most of them start nodes.</summary>
[CollectionDefinition(Name)]
public sealed class OnPostgres : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

using DuckMesh.Postgres;

namespace DuckMesh.Cluster.Tests.Postgres;

/// <summary>One server for all tests that do not stop it; each test makes its own database.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    internal PostgresServer Server => _server!;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    internal Task<string> DatabaseAsync() => Server.CreateDatabaseAsync();
}

/// <summary>Tests on PostgreSQL run one after the other: most of them start nodes.</summary>
[CollectionDefinition(Name)]
public sealed class OnPostgres : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

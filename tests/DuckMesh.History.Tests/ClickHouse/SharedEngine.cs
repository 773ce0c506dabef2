namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>One engine for the classes of this collection, which run one after the other, each test in a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedEngine : IAsyncLifetime, ICollectionFixture<SharedEngine>
{
    public const string Name = "a shared ClickHouse";

    /// <summary>With every character that an address needs escaped.</summary>
    private const string Password = "p@ss:w/rd?#%";

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-clickhouse-").FullName;
    private static ClickHouseEngine? _engine;

    public static ClickHouseEngine Engine => _engine ?? throw new InvalidOperationException($"no engine runs: the class needs [Collection({nameof(SharedEngine)}.{nameof(Name)})]");

    public async Task InitializeAsync() => _engine = await ClickHouseEngine.StartAsync(_folder, password: Password);

    public async Task DisposeAsync()
    {
        if (_engine is { } engine) await engine.DisposeAsync();
        _engine = null;
        Directory.Delete(_folder, recursive: true);
    }
}

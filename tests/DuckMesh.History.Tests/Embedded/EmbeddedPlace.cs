using DuckDB.NET.Data;
using DuckMesh.History.Embedded;
using DuckMesh.History.Tests.Conformance;

namespace DuckMesh.History.Tests.Embedded;

/// <summary>A folder of its own with a history file.</summary>
public sealed class EmbeddedPlace : IStorePlace
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-history-").FullName;

    public string Kind => "embedded";

    public string Address => Path.Combine(_folder, "history.duckdb");

    public bool IsTransactional => true;

    public static IHistoryStore Open(string address) => new EmbeddedStore(address, Retention.Default, TimeProvider.System);

    public Task PrepareAsync() => Task.CompletedTask;

    public IHistoryStore Open() => Open(Address);

    public Task MakeNewerAsync()
    {
        using var connection = Connect();
        connection.Execute("INSERT INTO schema_versions VALUES (999, now()::TIMESTAMP)");
        return Task.CompletedTask;
    }

    public Task ExpireAsync(IHistoryStore store, DateTimeOffset now) => store.ExpireAsync(now, CancellationToken.None);

    public Task<StoredRows> CountAsync()
    {
        using var connection = Connect();
        long Count(string sql) => connection.Read(sql, row => row.GetInt64(0), CancellationToken.None)[0];
        var samples = connection.Read("SELECT table_name FROM duckdb_tables() WHERE regexp_matches(table_name, '^samples_[0-9]+$')", row => row.GetString(0), CancellationToken.None);
        var open = samples.Sum(table => Count($"SELECT count(*) FROM {table} WHERE date_trunc('hour', ts) IN (SELECT hour FROM hours WHERE NOT rolled)"));
        return Task.FromResult(new StoredRows(
            samples.Sum(table => Count($"SELECT count(*) FROM {table}")),
            Count("SELECT coalesce(sum(n), 0)::BIGINT FROM samples_1h") + open,
            Count("SELECT count(*) FROM events")));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Beside the store, in the same engine: another process could not.</summary>
    public DuckDBConnection Connect() => new HistoryFile(Address).Open();
}

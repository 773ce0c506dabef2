using System.Globalization;
using DuckMesh.History.ClickHouse;
using DuckMesh.History.Tests.Conformance;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>A database of the shared engine.</summary>
public sealed class ClickHousePlace : IStorePlace
{
    private readonly string _database = $"t_{Guid.NewGuid():n}";

    public string Kind => "clickhouse";

    public string Address => SharedEngine.Engine.AddressOf(_database);

    /// <summary>Samples and events are two inserts, and the rollup is filled after its samples.</summary>
    public bool IsTransactional => false;

    public static IHistoryStore Open(string address) =>
        ClickHouseAddress.TryParse(address, out var parsed, out var mistake) ? new ClickHouseStore(parsed, Retention.Default, TimeProvider.System) : throw new ArgumentException(mistake, nameof(address));

    /// <summary>The first migration makes the database.</summary>
    public Task PrepareAsync() => Task.CompletedTask;

    public IHistoryStore Open() => Open(Address);

    public Task MakeNewerAsync() => SqlAsync("INSERT INTO schema_versions (version) VALUES (4000000000)");

    public async Task ExpireAsync(IHistoryStore store, DateTimeOffset now)
    {
        await store.ExpireAsync(now, CancellationToken.None);
        foreach (var table in new[] { "samples", "samples_1h", "events" }) await SqlAsync($"OPTIMIZE TABLE {table} FINAL");
    }

    public async Task<StoredRows> CountAsync()
    {
        var counts = await SqlAsync("SELECT (SELECT count() FROM samples), (SELECT sum(n) FROM samples_1h), (SELECT count() FROM events FINAL)");
        return counts.Split('\t').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray() is [var samples, var rolled, var events]
            ? new StoredRows(samples, rolled, events)
            : throw new InvalidOperationException(counts);
    }

    public Task DropAsync() => SharedEngine.Engine.SqlAsync($"DROP DATABASE IF EXISTS {_database} SYNC");

    public Task<string> SqlAsync(string sql) => SharedEngine.Engine.SqlAsync(sql, _database);

    /// <summary>Also ends the fault that the test had set.</summary>
    public async ValueTask DisposeAsync()
    {
        await SharedEngine.Engine.HealAsync();
        await DropAsync();
    }
}

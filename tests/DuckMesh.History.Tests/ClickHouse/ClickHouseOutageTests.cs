using System.Globalization;
using DuckMesh.History.Blocks;
using DuckMesh.History.Delivery;
using DuckMesh.History.Tests.Conformance;
using DuckMesh.History.Tests.Delivery;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>A ClickHouse that is not there, or dies.</summary>
[Collection(SharedEngine.Name)]
public sealed class ClickHouseOutageTests : IAsyncLifetime
{
    private const int Rows = 100_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-clickhouse-").FullName;
    private readonly int _port = FreePort.Find();
    private ClickHouseEngine? _engine;

    private string Address => $"http://127.0.0.1:{_port}/history";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_server_that_is_down_at_the_start_and_for_an_hour_gets_every_block_once_and_in_order()
    {
        const int Blocks = 20;
        var clock = new ImpatientClock();
        var failures = new List<DeliveryFailure>();
        var down = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var store = ClickHousePlace.Open(Address);
        var policy = new RetryPolicy(store, clock, failure =>
        {
            failures.Add(failure);
            if (clock.Passed > TimeSpan.FromHours(1)) down.TrySetResult();
        });
        var delivering = Task.Run(async () =>
        {
            for (var i = 0; i < Blocks; i++) await policy.DeliverAsync(Block(i, 100), CancellationToken.None);
        });

        await down.Task.WaitAsync(Deadline);
        await StartAsync();
        await delivering.WaitAsync(Deadline);

        Assert.All(failures, failure => Assert.Equal(HistoryFault.Unavailable, failure.Fault));
        Assert.Contains($"127.0.0.1:{_port}", failures[0].Error.Message, StringComparison.Ordinal);
        Assert.Equal(StoredRows.Of(Blocks * 100, events: Blocks), await CountAsync());
    }

    /// <param name="moment">What is true when it is killed: a query that gives 1, with the rows before it as <c>{0}</c>. Empty: at once.</param>
    [Theory]
    [InlineData("")]
    [InlineData("SELECT count() > 0 FROM system.processes WHERE query LIKE 'INSERT INTO samples%'")]
    [InlineData("SELECT count() > {0} FROM samples")]
    [InlineData("SELECT sum(n) > {0} FROM samples_1h")]
    [InlineData("SELECT count() > 0 FROM system.processes WHERE query LIKE 'INSERT INTO events%'")]
    public async Task A_server_that_is_killed_in_mid_insert_has_each_block_once_after_it_was_sent_again(string moment)
    {
        await StartAsync();
        await using var store = ClickHousePlace.Open(Address);
        await store.MigrateAsync(CancellationToken.None);
        for (var i = 0; i < 2; i++)
        {
            var before = i * Rows;
            var storing = Task.Run(() => store.StoreAsync(Block(i, Rows), CancellationToken.None));
            await ComesAsync(string.Format(CultureInfo.InvariantCulture, moment, before), storing);
            await _engine!.KillAsync();
            try
            {
                await storing;
            }
            catch (HistoryException error)
            {
                Assert.Equal(HistoryFault.Unavailable, error.Fault);
            }

            await StartAsync();
            await new RetryPolicy(store, new ImpatientClock()).DeliverAsync(Block(i, Rows), CancellationToken.None);
            Assert.Equal(StoredRows.Of(before + Rows, events: i + 1), await CountAsync());
        }
    }

    /// <summary>Its rows lie in four partitions.</summary>
    private static HistoryBlock Block(int number, int rows) => new(
        $"n-{number}",
        [.. Enumerable.Range(0, rows).Select(i => Some.Sample((i % 2 * 86_400) + number, i, Some.Key(database: $"d{i / 10}", labels: $"n=\"{i % 10}\"", days: i % 4 < 2 ? 30 : 90)))],
        [Some.Event($"e{number}", number)]);

    private async Task StartAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        _engine = await ClickHouseEngine.StartAsync(_folder, _port);
    }

    /// <summary>Until the query gives 1, or the block is stored.</summary>
    private async Task ComesAsync(string moment, Task storing)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (moment.Length > 0 && !storing.IsCompleted && await _engine!.SqlAsync(moment, "history") != "1") deadline.Token.ThrowIfCancellationRequested();
    }

    private async Task<StoredRows> CountAsync()
    {
        var counts = await _engine!.SqlAsync("SELECT (SELECT count() FROM samples), (SELECT sum(n) FROM samples_1h), (SELECT count() FROM events FINAL)", "history");
        var numbers = counts.Split('\t').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new StoredRows(numbers[0], numbers[1], numbers[2]);
    }
}

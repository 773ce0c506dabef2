using System.Collections.Immutable;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.ClickHouse;

/// <summary>
/// History in ClickHouse. A block is two inserts, its samples and its events, each with a token made from the block's id, so that one which is sent again is completed, and
/// stored once.
/// </summary>
public sealed class ClickHouseStore : IHistoryStore
{
    private readonly ClickHouseServer _server;
    private readonly Migration _migration;
    private readonly Retention _retention;
    private bool _tablesKnown;

    public ClickHouseStore(ClickHouseAddress address, Retention retention, TimeProvider time)
    {
        _retention = retention;
        _server = new ClickHouseServer(address, time);
        _migration = new Migration(_server, address);
    }

    public Task MigrateAsync(CancellationToken cancellation) => _migration.RunAsync(cancellation);

    public async Task StoreAsync(HistoryBlock block, CancellationToken cancellation)
    {
        block.Check();
        if (!_tablesKnown)
            await _migration.RequireTablesAsync(cancellation).ConfigureAwait(false);
        _tablesKnown = true;

        try
        {
            await InsertAsync(block, cancellation).ConfigureAwait(false);
        }
        catch (HistoryException error) when (error.Fault == HistoryFault.Poison)
        {
            await _migration.RequireColumnsAsync(cancellation).ConfigureAwait(false);
            throw;
        }
    }

    public Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation) => new RangeQuery(range).RunAsync(_server, cancellation);

    public Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation) => new EventQuery(range).RunAsync(_server, cancellation);

    /// <summary>Nothing to do: the tables have a TTL, and the rollup is a view.</summary>
    public Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task InsertAsync(HistoryBlock block, CancellationToken cancellation)
    {
        var samples = new SampleRow[block.Samples.Count];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = new SampleRow(block.Samples[i]);
        await _server.InsertAsync(Schema.Samples, samples, $"{block.Id}/{Schema.Samples}", cancellation).ConfigureAwait(false);

        var events = block.Events.Select(happened => new EventRow(happened, _retention.Alert)).ToList();
        await _server.InsertAsync(Schema.Events, events, $"{block.Id}/{Schema.Events}", cancellation).ConfigureAwait(false);
    }
}

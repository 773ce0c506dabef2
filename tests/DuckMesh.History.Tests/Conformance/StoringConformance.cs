using DuckMesh.History.Blocks;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>Stored once, wholly or not at all.</summary>
public abstract class StoringConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    [Fact]
    public async Task A_block_that_is_sent_twice_is_stored_once()
    {
        var block = new HistoryBlock("n-1", [Some.Sample(0, 1), Some.Sample(15, 2), Some.Sample(15, 2, Some.Key(days: 90))], [Some.Event("e1", 0)]);
        await Store.StoreAsync(block, CancellationToken.None);
        await Store.StoreAsync(block, CancellationToken.None);

        Assert.Equal(StoredRows.Of(3, events: 1), await Place.CountAsync());
    }

    [Fact]
    public async Task A_block_is_known_again_after_a_restart_and_many_other_blocks()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));
        for (var i = 2; i < 60; i++) await StoreAsync($"n-{i}", Some.Sample(i, i));
        await ReopenAsync();
        await StoreAsync("n-1", Some.Sample(0, 1));

        Assert.Equal(StoredRows.Of(59), await Place.CountAsync());
    }

    [Fact]
    public async Task Two_blocks_of_equal_rows_are_two_blocks()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));
        await StoreAsync("n-2", Some.Sample(0, 1));

        Assert.Equal(StoredRows.Of(2), await Place.CountAsync());
    }

    [Fact]
    public async Task Readers_see_a_block_wholly_or_not_at_all_while_it_is_sent_again_and_again()
    {
        const int Rows = 20_000;
        using var stop = new CancellationTokenSource();
        var started = new SemaphoreSlim(0);
        var seen = new HashSet<int>();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var count = (await ReadAsync(Range())).Sum(series => series.Points.Length);
                lock (seen) seen.Add(count);
                started.Release();
            }
        })).ToArray();
        await started.WaitAsync();
        var blocks = Enumerable.Range(0, 3).Select(block => Some.Block($"n-{block}", [.. Enumerable.Range(0, Rows).Select(i => Some.Sample(i, i, Some.Key(database: $"d{block}")))]));
        foreach (var block in blocks.SelectMany(block => new[] { block, block })) await Store.StoreAsync(block, CancellationToken.None);
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Empty(seen.Except([0, Rows, 2 * Rows, 3 * Rows]));
        Assert.Equal(StoredRows.Of(3 * Rows), await Place.CountAsync());
    }

    [Fact]
    public async Task A_block_of_many_rows_loses_none()
    {
        var keys = Enumerable.Range(0, 500).Select(i => Some.Key(database: $"d{i}", labels: $"table=\"t{i % 7}\"")).ToArray();
        Sample[] samples = [.. Enumerable.Range(0, 250_000).Select(i => Some.Sample(i / keys.Length, i, keys[i % keys.Length]))];
        await StoreAsync("n-1", samples);
        await StoreAsync("n-1", samples);

        Assert.Equal(StoredRows.Of(samples.Length), await Place.CountAsync());
        var series = await ReadAsync(Range());
        Assert.Equal(samples.GroupBy(s => s.Series.Database).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Select(s => s.Value)), series.Select(s => s.Points.Select(p => p.Value)));
    }

    [Fact]
    public async Task A_block_over_midnight_is_stored_once()
    {
        Sample[] samples = [.. Enumerable.Range(-30, 60).Select(i => Some.Sample(i, i))];
        await StoreAsync("n-1", samples);
        await StoreAsync("n-1", samples);

        Assert.Equal(StoredRows.Of(60), await Place.CountAsync());
        Assert.Equal(samples.Select(s => s.Value), (await PointsAsync(Range() with { From = Some.MidnightAt.AddDays(-1) })).Select(p => p.Value));
    }

    [Fact]
    public async Task An_empty_block_is_stored()
    {
        await StoreAsync("n-1", Array.Empty<Sample>());
        await StoreAsync("n-1", Array.Empty<Sample>());

        Assert.Equal(StoredRows.None, await Place.CountAsync());
    }

    [Fact]
    public async Task An_equal_key_is_the_same_series()
    {
        await StoreAsync("n-1", Some.Sample(0, 1, Some.Key()), Some.Sample(15, 2, Some.Key()));
        await StoreAsync("n-2", Some.Sample(30, 3, Some.Key()));
        await ReopenAsync();
        await StoreAsync("n-3", Some.Sample(45, 4, Some.Key()));

        Assert.Equal([(0, 1), (15, 2), (30, 3), (45, 4)], await PointsAsync(Range()));
    }

    [Fact]
    public async Task Who_cancels_before_it_began_has_stored_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.StoreAsync(Some.Block("n-1", Some.Sample(0, 1)), new CancellationToken(canceled: true)));

        Assert.Equal(StoredRows.None, await Place.CountAsync());
        await StoreAsync("n-1", Some.Sample(0, 1));
        Assert.Equal(StoredRows.Of(1), await Place.CountAsync());
    }
}

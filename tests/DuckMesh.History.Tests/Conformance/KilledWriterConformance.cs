namespace DuckMesh.History.Tests.Conformance;

/// <summary>A writer that is killed while it stores.</summary>
public abstract class KilledWriterConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    [Fact]
    public async Task After_kill_9_in_mid_store_there_is_each_block_that_was_acknowledged_and_a_retry_completes_it()
    {
        await CloseAsync();
        var next = 0;
        foreach (var blocks in new[] { 3, 11, 1, 6 })
        {
            using (var writer = new WriterProcess(Place, next)) next = await writer.KillAfterAsync(blocks) + 1;
            await ReopenAsync();
            var open = WriterProcess.Block(next);
            AssertBetween(Rows(next), await Place.CountAsync(), Rows(next + 1));   // the last may be stored and not acknowledged

            await Store.StoreAsync(open, CancellationToken.None);
            Assert.Equal(Rows(next + 1), await Place.CountAsync());
            await CloseAsync();
        }

        await ReopenAsync();
        for (var number = 0; number <= next; number++) await Store.StoreAsync(WriterProcess.Block(number), CancellationToken.None);
        Assert.Equal(Rows(next + 1), await Place.CountAsync());
        var series = await ReadAsync(Range());
        Assert.Equal(WriterProcess.SamplesABlock, series.Length);
        Assert.All(series, s => Assert.Equal(next + 1, s.Points.Length));
    }

    private void AssertBetween(StoredRows before, StoredRows found, StoredRows after)
    {
        if (Place.IsTransactional)
        {
            Assert.Contains(found, new[] { before, after });
            return;
        }

        Assert.InRange(found.Samples, before.Samples, after.Samples);
        Assert.InRange(found.Rolled, before.Rolled, after.Rolled);
        Assert.InRange(found.Events, before.Events, after.Events);
    }

    private static StoredRows Rows(int blocks) => StoredRows.Of(blocks * WriterProcess.SamplesABlock, events: blocks);
}

namespace DuckMesh.History.Tests.Conformance;

/// <summary>Bringing a store up to this version.</summary>
public abstract class MigrationConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    [Fact]
    public async Task A_second_migration_changes_nothing()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));
        await Store.MigrateAsync(CancellationToken.None);
        await ReopenAsync();

        Assert.Equal([(0, 1)], await PointsAsync(Range()));
    }

    [Fact]
    public async Task Two_stores_may_migrate_at_once()
    {
        await using var place = new TPlace();
        await place.PrepareAsync();
        await using var one = place.Open();
        await using var other = place.Open();
        await Task.WhenAll(Task.Run(() => one.MigrateAsync(CancellationToken.None)), Task.Run(() => other.MigrateAsync(CancellationToken.None)));
        await one.StoreAsync(Some.Block("n-1", Some.Sample(0, 1)), CancellationToken.None);

        var series = Assert.Single(await other.ReadAsync(Range(), CancellationToken.None));
        Assert.Equal(1, Assert.Single(series.Points).Value);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));
        await CloseAsync();
        await Place.MakeNewerAsync();
        await using var store = Place.Open();

        var refusal = await Assert.ThrowsAsync<HistoryException>(() => store.MigrateAsync(CancellationToken.None));
        Assert.Equal(HistoryFault.Newer, refusal.Fault);
        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        refusal = await Assert.ThrowsAsync<HistoryException>(() => store.StoreAsync(Some.Block("n-2", Some.Sample(15, 2)), CancellationToken.None));
        Assert.Equal(HistoryFault.Newer, refusal.Fault);
        Assert.Equal(StoredRows.Of(1), await Place.CountAsync());
    }

    [Fact]
    public async Task Without_its_tables_a_store_asks_for_a_migration()
    {
        await using var place = new TPlace();
        await place.PrepareAsync();
        await using var store = place.Open();

        var refusal = await Assert.ThrowsAsync<HistoryException>(() => store.StoreAsync(Some.Block("n-1", Some.Sample(0, 1)), CancellationToken.None));
        Assert.Equal(HistoryFault.Schema, refusal.Fault);
        await store.MigrateAsync(CancellationToken.None);
        await store.StoreAsync(Some.Block("n-1", Some.Sample(0, 1)), CancellationToken.None);
        Assert.Equal(StoredRows.Of(1), await place.CountAsync());
    }
}

using System.Collections.Immutable;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>What every store must do. A store's tests inherit each class of this folder once, with a place of their own kind.</summary>
public abstract class HistoryStoreConformance<TPlace> : IAsyncLifetime
    where TPlace : IStorePlace, new()
{
    private readonly List<IHistoryStore> _open = [];

    protected TPlace Place { get; } = new();

    /// <summary>Open and migrated.</summary>
    protected IHistoryStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Place.PrepareAsync();
        Store = await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var store in _open) await store.DisposeAsync();
        await Place.DisposeAsync();
    }

    protected async Task<IHistoryStore> OpenAsync()
    {
        var store = Place.Open();
        _open.Add(store);
        await store.MigrateAsync(CancellationToken.None);
        return store;
    }

    protected async Task ReopenAsync()
    {
        await CloseAsync();
        Store = await OpenAsync();
    }

    protected async Task CloseAsync()
    {
        foreach (var store in _open) await store.DisposeAsync();
        _open.Clear();
    }

    protected Task StoreAsync(string id, params IReadOnlyList<Sample> samples) => Store.StoreAsync(Some.Block(id, samples), CancellationToken.None);

    protected Task StoreAsync(string id, params IReadOnlyList<HistoryEvent> events) => Store.StoreAsync(new HistoryBlock(id, [], events), CancellationToken.None);

    /// <summary>A range of a day from <see cref="Some.Midnight"/>, each second by itself.</summary>
    protected static HistoryRange Range(string metric = Some.Metric) => new(
        metric, null, Some.MidnightAt, Some.MidnightAt.AddDays(1), TimeSpan.FromSeconds(1), Tier.Raw, Aggregation.Mean, null, 1_000_000);

    protected static HistoryRange Hours(string metric = Some.Metric) => Range(metric) with { Step = TimeSpan.FromHours(1), Tier = Tier.Hour };

    protected Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range) => Store.ReadAsync(range, CancellationToken.None);

    /// <summary>The points of a range's only series, or of none.</summary>
    protected async Task<(long Second, double Value)[]> PointsAsync(HistoryRange range) =>
        [.. (await ReadAsync(range)).SelectMany(series => series.Points).Select(point => (point.At - Some.Midnight, point.Value))];
}

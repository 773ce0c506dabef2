using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>What is deleted when, with the default retention.</summary>
public abstract class RetentionConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    private const long Day = 86_400;
    private static readonly int[] Ages = [29, 31, 89, 91, 364, 366];
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Each_class_is_deleted_at_its_age_and_the_hourly_rollup_outlives_the_samples()
    {
        await StoreAsync("n-1", [.. from days in new[] { 30, 90, 365 } from age in Ages select new Sample(Some.Key(database: $"d{days}", days: days), Ago(age), age)]);
        await Place.ExpireAsync(Store, _now);

        Assert.Equal([("d30", "29"), ("d365", "364 91 89 31 29"), ("d90", "89 31 29")], await KeptAsync(Tier.Raw));
        Assert.Equal([("d30", "364 91 89 31 29"), ("d365", "364 91 89 31 29"), ("d90", "364 91 89 31 29")], await KeptAsync(Tier.Hour));
        Assert.Equal(new StoredRows(9, 15, 0), await Place.CountAsync());
    }

    [Fact]
    public async Task Events_are_kept_for_a_year()
    {
        await StoreAsync("n-1", [.. Ages.Select(age => Some.Event($"e{age}", Ago(age) - Some.Midnight))]);
        await Place.ExpireAsync(Store, _now);

        var kept = await Store.ReadEventsAsync(new EventRange(Some.Event("e", 0).Subject, _now.AddDays(-400), _now, 100), CancellationToken.None);
        Assert.Equal(["e364", "e91", "e89", "e31", "e29"], kept.Select(e => e.Id));
    }

    [Fact]
    public async Task Samples_that_come_after_their_hour_was_rolled_up_are_counted_once()
    {
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(3_600, 4));
        await Place.ExpireAsync(Store, _now);
        await StoreAsync("n-2", Some.Sample(15, 3), Some.Sample(30, 8), Some.Sample(7_200, 7));
        await StoreAsync("n-2", Some.Sample(15, 3), Some.Sample(30, 8), Some.Sample(7_200, 7));
        Assert.Equal([(0, 4), (3_600, 4), (7_200, 7)], await PointsAsync(Hours()));

        await Place.ExpireAsync(Store, _now);
        await ReopenAsync();
        Assert.Equal([(0, 4), (3_600, 4), (7_200, 7)], await PointsAsync(Hours()));
        Assert.Equal([(0, 8), (3_600, 4), (7_200, 7)], await PointsAsync(Hours() with { Aggregation = Aggregation.Max }));
        Assert.Equal(StoredRows.Of(5), await Place.CountAsync());
    }

    [Fact]
    public async Task Deleting_twice_deletes_once_and_what_follows_is_stored()
    {
        await StoreAsync("n-1", new Sample(Some.Key(), Ago(31), 1), new Sample(Some.Key(), Ago(29), 2));
        await Place.ExpireAsync(Store, _now);
        await Place.ExpireAsync(Store, _now);
        await StoreAsync("n-2", new Sample(Some.Key(), Ago(1), 3));

        Assert.Equal([("orders", "2 3")], (await ReadAsync(Year(Tier.Raw))).Select(s => (s.Database, string.Join(' ', s.Points.Select(p => p.Value)))));
    }

    [Fact]
    public async Task A_database_that_was_forgotten_and_comes_back_is_stored_again()
    {
        await StoreAsync("n-1", new Sample(Some.Key(), Ago(366), 1));
        await Place.ExpireAsync(Store, _now);
        Assert.Empty(await ReadAsync(Year(Tier.Hour)));
        await StoreAsync("n-2", new Sample(Some.Key(), Ago(1), 2));
        await ReopenAsync();
        await StoreAsync("n-3", new Sample(Some.Key(), Ago(1) + 1, 3));

        Assert.Equal([2, 3], Assert.Single(await ReadAsync(Year(Tier.Raw) with { Step = TimeSpan.FromSeconds(1) })).Points.Select(p => p.Value));
    }

    private long Ago(int days) => _now.ToUnixTimeSeconds() - (days * Day);

    /// <summary>Days are told by their samples' value, which is their age.</summary>
    private async Task<(string Database, string Ages)[]> KeptAsync(Tier tier) =>
        [.. (await ReadAsync(Year(tier))).Select(series => (series.Database, string.Join(' ', series.Points.Select(p => p.Value))))];

    private HistoryRange Year(Tier tier) => Range() with { From = _now.AddDays(-400), To = _now.AddDays(1), Step = TimeSpan.FromHours(1), Tier = tier };
}

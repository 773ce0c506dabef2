using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>Values, names and clocks as they should not be.</summary>
public abstract class BadInputConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    [Fact]
    public async Task Infinite_values_are_kept()
    {
        double[] values = [1, double.PositiveInfinity, double.NegativeInfinity, 2];
        await StoreAsync("n-1", [.. values.Select((value, i) => Some.Sample(i * 3_600, value))]);

        Assert.Equal(values, (await PointsAsync(Range())).Select(p => p.Value));
        Assert.Equal(values, (await PointsAsync(Hours())).Select(p => p.Value));
        await Place.ExpireAsync(Store, DateTimeOffset.UtcNow);
        Assert.Equal(values, (await PointsAsync(Hours())).Select(p => p.Value));
    }

    [Fact]
    public async Task A_mean_that_is_no_number_is_no_point()
    {
        await StoreAsync("n-1", Some.Sample(0, double.PositiveInfinity), Some.Sample(1, double.NegativeInfinity), Some.Sample(3_600, 3), Some.Sample(3_601, double.PositiveInfinity));

        Assert.Equal([(3_600, double.PositiveInfinity)], await PointsAsync(Range() with { Step = TimeSpan.FromHours(1) }));
        Assert.Equal([(3_600, double.PositiveInfinity)], await PointsAsync(Hours()));
        Assert.Equal([(0, double.PositiveInfinity), (3_600, double.PositiveInfinity)], await PointsAsync(Hours() with { Aggregation = Aggregation.Max }));
    }

    [Fact]
    public async Task Labels_and_names_of_ten_thousand_characters_are_kept()
    {
        var longest = new string('ü', 10_000);
        var key = new SeriesKey(Some.Metric, longest + "d", longest + "h", SeriesLabels.Text([new("table", longest)]), 30);
        await StoreAsync("n-1", Some.Sample(0, 1, key));
        await StoreAsync("n-2", Some.Sample(15, 2, key with { }));
        await StoreAsync("n-3", Some.Event("e", 0, subject: longest) with { Text = longest });
        await ReopenAsync();
        await StoreAsync("n-4", Some.Sample(30, 3, key with { }));

        var series = Assert.Single(await ReadAsync(Range()));
        Assert.Equal((key.Database, key.Host, key.Labels), (series.Database, series.Host, series.Labels));
        Assert.Equal([1, 2, 3], series.Points.Select(p => p.Value));
        var found = await ReadAsync(Range() with { Databases = [new SeriesOwner(key.Host, key.Database)] });
        Assert.Equal(3, Assert.Single(found).Points.Length);
        Assert.Equal(longest, Assert.Single(await Store.ReadEventsAsync(new(longest, Some.MidnightAt, Some.MidnightAt.AddDays(1), 10), CancellationToken.None)).Text);
    }

    [Theory]
    [InlineData("' OR 1=1; DROP TABLE samples; --")]
    [InlineData("a\"b`c\\d\te\nf\rg")]
    [InlineData("{x:String} $1 ? %s")]
    [InlineData("\u0001\u001f\u007f")]
    [InlineData("数据库 🦆 ‏עברית")]
    [InlineData(" ")]
    public async Task A_name_is_only_a_name(string name)
    {
        await StoreAsync("n-'" + name, Some.Sample(0, 1, Some.Key(database: name)), Some.Sample(0, 2));
        await StoreAsync("n-'" + name, Some.Sample(0, 1, Some.Key(database: name)), Some.Sample(0, 2));
        await StoreAsync("n-2", Some.Event(name, 0, subject: name) with { Text = name, Rule = name });

        var series = Assert.Single(await ReadAsync(Range() with { Databases = [new SeriesOwner("h1", name)] }));
        Assert.Equal((name, 1), (series.Database, Assert.Single(series.Points).Value));
        Assert.Equal(name, Assert.Single(await Store.ReadEventsAsync(new(name, Some.MidnightAt, Some.MidnightAt.AddDays(1), 10), CancellationToken.None)).Text);
        Assert.Equal(StoredRows.Of(2, events: 1), await Place.CountAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(Sample.Latest)]
    [InlineData(long.MaxValue)]
    public async Task A_time_that_no_store_can_hold_is_refused_with_its_block(long at) =>
        await RefusedAsync(new HistoryBlock("n-1", [Some.Sample(0, 1), new Sample(Some.Key(), at, 2)], [Some.Event("e", 0)]), "time");

    [Fact]
    public async Task What_is_no_number_is_refused_with_its_block() =>
        await RefusedAsync(Some.Block("n-1", Some.Sample(0, 1), Some.Sample(15, double.NaN)), "number");

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    [InlineData(Retention.MaxDays + 1)]
    public async Task A_retention_that_no_store_can_keep_is_refused_with_its_block(int days) =>
        await RefusedAsync(Some.Block("n-1", Some.Sample(0, 1), Some.Sample(15, 1, Some.Key(days: days))), "days");

    [Fact]
    public async Task An_event_at_a_time_that_no_store_can_hold_is_refused_with_its_block() =>
        await RefusedAsync(new HistoryBlock("n-1", [Some.Sample(0, 1)], [Some.Event("e", 0) with { At = DateTimeOffset.MinValue }]), "time");

    [Fact]
    public async Task A_clock_that_jumps_back_and_forth_loses_nothing()
    {
        const long Day = 86_400;
        const long Year = 365 * Day;
        await StoreAsync("n-1", Some.Sample(0, 1));
        await StoreAsync("n-2", Some.Sample(Year, 2), Some.Sample(15, 3));          // a year ahead, and back within one block
        await StoreAsync("n-3", Some.Sample(-10 * Day, 4), Some.Sample(30, 5));
        await StoreAsync("n-4", new Sample(Some.Key(), Sample.Earliest, 6), new Sample(Some.Key(), Sample.Latest - 1, 7), Some.Sample(45, 8));
        await Store.ExpireAsync(DateTimeOffset.UtcNow, CancellationToken.None);
        await StoreAsync("n-5", Some.Sample(15, 9), Some.Sample(60, 10));

        Assert.Equal([(0, 1), (15, 6), (30, 5), (45, 8), (60, 10)], await PointsAsync(Range()));
        Assert.Equal([(-10 * Day, 4), (Year, 2)], (await PointsAsync(Range() with { From = Some.MidnightAt.AddDays(-20), To = Some.MidnightAt.AddDays(400) })).Where(p => p.Second is < 0 or > Day));
        Assert.Equal(7, Assert.Single(await PointsAsync(Range() with { From = DateTimeOffset.FromUnixTimeSeconds(Sample.Latest - 60), To = DateTimeOffset.FromUnixTimeSeconds(Sample.Latest) })).Value);
        Assert.Equal([(0, 6)], await PointsAsync(Hours()));
    }

    private async Task RefusedAsync(HistoryBlock block, string says)
    {
        var refusal = await Assert.ThrowsAsync<HistoryException>(() => Store.StoreAsync(block, CancellationToken.None));

        Assert.Equal(HistoryFault.Poison, refusal.Fault);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(StoredRows.None, await Place.CountAsync());
        await StoreAsync("n-2", Some.Sample(0, 1));
        Assert.Equal(StoredRows.Of(1), await Place.CountAsync());
    }
}

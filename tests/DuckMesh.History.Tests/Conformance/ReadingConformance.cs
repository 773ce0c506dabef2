using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>Reading ranges, from both tiers.</summary>
public abstract class ReadingConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    [Fact]
    public async Task Values_come_back_exactly()
    {
        double[] values = [0, 1, -1, 0.1, 1e300, 5e-324, double.MaxValue, double.MinValue, long.MaxValue, Math.PI];
        await StoreAsync("n-1", [.. values.Select((value, i) => Some.Sample(i, value))]);

        Assert.Equal(values.Select((value, i) => ((long)i, value)), await PointsAsync(Range()));
        Assert.Equal(values.Select((value, i) => ((long)i, value)), await PointsAsync(Range() with { Aggregation = Aggregation.Max }));
    }

    [Fact]
    public async Task A_bucket_is_the_mean_or_the_greatest_of_its_samples_and_one_without_samples_is_no_point()
    {
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(59, 4), Some.Sample(60, 10), Some.Sample(180, -3), Some.Sample(200, -5));
        var range = Range() with { Step = TimeSpan.FromMinutes(1) };

        Assert.Equal([(0, 2.5), (60, 10), (180, -4)], await PointsAsync(range));
        Assert.Equal([(0, 4), (60, 10), (180, -3)], await PointsAsync(range with { Aggregation = Aggregation.Max }));
    }

    [Fact]
    public async Task Buckets_begin_at_multiples_of_the_step_since_1970_and_the_range_takes_in_its_begin_but_not_its_end()
    {
        const int Step = 7;
        var first = Some.Midnight / Step * Step - Some.Midnight;
        await StoreAsync("n-1", [.. Enumerable.Range(0, 30).Select(i => Some.Sample(i, i))]);
        var points = await PointsAsync(Range() with { From = Some.MidnightAt.AddSeconds(3), To = Some.MidnightAt.AddSeconds(24), Step = TimeSpan.FromSeconds(Step) });

        var expected = Enumerable.Range(3, 21).GroupBy(second => first + ((second - first) / Step * Step)).Select(bucket => (bucket.Key, bucket.Average()));
        Assert.Equal(expected, points);
    }

    [Fact]
    public async Task Hours_are_taken_whole_when_they_begin_within_the_range()
    {
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(3_599, 3), Some.Sample(3_600, 5), Some.Sample(7_200, 7), Some.Sample(9_000, 9), Some.Sample(10_800, 11));

        Assert.Equal([(0, 2), (3_600, 5), (7_200, 8), (10_800, 11)], await PointsAsync(Hours()));
        Assert.Equal([(3_600, 5), (7_200, 8)], await PointsAsync(Hours() with { From = Some.MidnightAt.AddSeconds(1), To = Some.MidnightAt.AddSeconds(7_201) }));
    }

    [Fact]
    public async Task A_mean_over_hours_counts_samples_not_hours()
    {
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(15, 1), Some.Sample(30, 1), Some.Sample(3_600, 9));
        var range = Hours() with { Step = TimeSpan.FromHours(2) };

        Assert.Equal([(0, 3)], await PointsAsync(range));
        Assert.Equal([(0, 9)], await PointsAsync(range with { Aggregation = Aggregation.Max }));
    }

    [Fact]
    public async Task A_database_is_chosen_by_host_and_name_together()
    {
        SeriesKey[] keys = [Some.Key(host: "h1", database: "a"), Some.Key(host: "h1", database: "b"), Some.Key(host: "h2", database: "a"), Some.Key(host: "h2", database: "b")];
        await StoreAsync("n-1", [.. keys.Select((key, i) => Some.Sample(0, i, key))]);

        var all = await ReadAsync(Range());
        Assert.Equal([("h1", "a", 0), ("h1", "b", 1), ("h2", "a", 2), ("h2", "b", 3)], all.Select(s => (s.Host, s.Database, s.Points[0].Value)));
        foreach (var range in new[] { Range(), Hours() })
        {
            var chosen = await ReadAsync(range with { Databases = [new SeriesOwner("h1", "b"), new SeriesOwner("h2", "a"), new SeriesOwner("h3", "a")] });
            Assert.Equal([("h1", "b", 1), ("h2", "a", 2)], chosen.Select(s => (s.Host, s.Database, s.Points[0].Value)));
            Assert.Empty(await ReadAsync(range with { Databases = [] }));
        }
    }

    [Fact]
    public async Task Labels_tell_series_apart()
    {
        string[] labels = ["", "outcome=\"failed\"", "outcome=\"ok\"", "schema=\"main\",table=\"t \\\"x\\\" \\\\ '; -- ü 🦆\""];
        await StoreAsync("n-1", [.. labels.Select((text, i) => Some.Sample(0, i, Some.Key(labels: text)))]);

        Assert.Equal(labels.Select((text, i) => (text, (double)i)), (await ReadAsync(Range())).Select(s => (s.Labels, Assert.Single(s.Points).Value)));
        Assert.Equal(labels, (await ReadAsync(Hours())).Select(s => s.Labels));
    }

    [Fact]
    public async Task A_metric_is_asked_for_by_its_whole_name()
    {
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(0, 2, Some.Key(Some.Metric + "_2")));

        Assert.Equal([(0, 1)], await PointsAsync(Range()));
        Assert.Empty(await ReadAsync(Range("duckdb_cpu")));
        Assert.Empty(await ReadAsync(Range("duckdb_%")));
        Assert.Empty(await ReadAsync(Range("' OR 1=1 --")));
    }

    [Fact]
    public async Task A_range_without_samples_or_of_no_time_is_empty()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));

        Assert.Empty(await ReadAsync(Range() with { From = Some.MidnightAt.AddSeconds(1) }));
        Assert.Empty(await ReadAsync(Range() with { To = Some.MidnightAt }));
        Assert.Empty(await ReadAsync(Range() with { From = Some.MidnightAt.AddDays(1), To = Some.MidnightAt }));
        Assert.Empty(await ReadAsync(Hours() with { From = Some.MidnightAt.AddDays(1), To = Some.MidnightAt }));
    }

    [Fact]
    public async Task The_top_series_are_those_with_the_highest_mean_over_the_range_highest_first()
    {
        // "early" has the highest bucket, "steady" the most samples, "late" the highest mean within the range.
        await StoreAsync("n-1", Some.Sample(0, 100, Some.Key(database: "before")), Some.Sample(60, 9, Some.Key(database: "early")), Some.Sample(75, 0, Some.Key(database: "early")),
            Some.Sample(60, 5, Some.Key(database: "steady")), Some.Sample(75, 5, Some.Key(database: "steady")), Some.Sample(90, 5, Some.Key(database: "steady")), Some.Sample(90, 6, Some.Key(database: "late")));
        var top = await ReadAsync(Range() with { From = Some.MidnightAt.AddSeconds(60), Step = TimeSpan.FromSeconds(15), Top = 2 });

        Assert.Equal(["late", "steady"], top.Select(s => s.Database));
        Assert.Equal([5, 5, 5], top[1].Points.Select(p => p.Value));
        Assert.Equal(["before", "late", "steady"], (await ReadAsync(Hours() with { Top = 3 })).Select(s => s.Database));
    }

    [Fact]
    public async Task The_top_counters_are_those_with_the_highest_last_value()
    {
        SeriesKey Key(string database) => Some.Key(Some.Counter, database);
        await StoreAsync("n-1", Some.Sample(0, 90, Key("reset")), Some.Sample(3_600, 1, Key("reset")), Some.Sample(0, 10, Key("slow")), Some.Sample(3_600, 11, Key("slow")), Some.Sample(3_600, 50, Key("quick")));
        var range = Range(Some.Counter) with { Aggregation = Aggregation.Max, Top = 2 };

        Assert.Equal(["quick", "slow"], (await ReadAsync(range)).Select(s => s.Database));
        Assert.Equal(["quick", "slow"], (await ReadAsync(range with { Step = TimeSpan.FromHours(1), Tier = Tier.Hour })).Select(s => s.Database));
    }

    [Fact]
    public async Task More_points_than_allowed_are_an_error_not_a_part()
    {
        await StoreAsync("n-1", [.. Enumerable.Range(0, 50).SelectMany(i => new[] { Some.Sample(i, i), Some.Sample(i, -1, Some.Key(database: "other")) })]);

        Assert.Equal(100, (await PointsAsync(Range() with { MaxPoints = 100 })).Length);
        var refusal = await Assert.ThrowsAsync<HistoryException>(() => ReadAsync(Range() with { MaxPoints = 99 }));
        Assert.Equal(HistoryFault.TooMany, refusal.Fault);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(50, (await PointsAsync(Range() with { MaxPoints = 99, Top = 1 })).Length);
    }

    [Fact]
    public async Task A_series_whose_retention_was_changed_is_still_one()
    {
        await StoreAsync("n-1", Some.Sample(0, 1, Some.Key(days: 30)), Some.Sample(15, 2, Some.Key(days: 90)), Some.Sample(3_600, 3, Some.Key(days: 90)));

        Assert.Equal([(0, 1), (15, 2), (3_600, 3)], await PointsAsync(Range()));
        Assert.Equal([(0, 1.5), (3_600, 3)], await PointsAsync(Hours()));
        Assert.Single(await ReadAsync(Range()));
    }
}

using System.Collections.Immutable;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>Ranges of many shapes over one set of samples, against a plain calculation of the same.</summary>
public abstract class RangeModelConformance<TPlace> : HistoryStoreConformance<TPlace>
    where TPlace : IStorePlace, new()
{
    private const int Ranges = 60;
    private const int Span = 30 * 3_600;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Any_range_reads_as_a_plain_calculation_says(int seed)
    {
        var random = new Random(seed);
        SeriesKey[] keys =
        [
            .. from host in new[] { "h1", "h2" }
               from database in new[] { "a", "b", "c" }
               from labels in new[] { "", "state=\"used\"" }
               from days in random.Next(3) == 0 ? new[] { 30, 90 } : [30]
               select Some.Key(database: database, host: host, labels: labels, days: days),
        ];
        Sample[] samples = [.. Enumerable.Range(0, 4_000).Select(_ => Some.Sample(random.Next(Span), Math.Round(random.NextDouble() * 1_000, 3), keys[random.Next(keys.Length)]))];
        foreach (var (number, part) in samples.Chunk(700).Index())
        {
            await StoreAsync($"n-{number}", part);
            if (number == 3) await Store.ExpireAsync(DateTimeOffset.UtcNow, CancellationToken.None); // what the rollup has taken over is not taken twice
        }

        for (var i = 0; i < Ranges; i++)
        {
            var range = Any(random);
            var expected = Calculated(samples, range);
            var read = await ReadAsync(range);
            Assert.True(Same(expected, read), $"seed {seed}, {range}:\nexpected {Text(expected)}\nread     {Text(read)}");
        }
    }

    private static HistoryRange Any(Random random)
    {
        var hourly = random.Next(2) == 0;
        var from = random.Next(-3_600, Span);
        return new HistoryRange(
            Some.Metric,
            random.Next(3) == 0 ? [new SeriesOwner("h1", "b"), new SeriesOwner("h2", "a")] : null,
            Some.MidnightAt.AddSeconds(from),
            Some.MidnightAt.AddSeconds(from + random.Next(1, Span)),
            hourly ? TimeSpan.FromHours(random.Next(1, 13)) : TimeSpan.FromSeconds(random.Next(1, 20_000)),
            hourly ? Tier.Hour : Tier.Raw,
            random.Next(2) == 0 ? Aggregation.Mean : Aggregation.Max,
            random.Next(2) == 0 ? random.Next(1, 5) : null,
            100_000);
    }

    private static ImmutableArray<HistorySeries> Calculated(Sample[] samples, HistoryRange range)
    {
        var (from, to, step) = (range.From.ToUnixTimeSeconds(), range.To.ToUnixTimeSeconds(), (long)range.Step.TotalSeconds);
        long Row(Sample sample) => range.Tier == Tier.Hour ? sample.At / 3_600 * 3_600 : sample.At;
        var series = from sample in samples
                     where Row(sample) >= @from && Row(sample) < to
                     where range.Databases is not { } chosen || chosen.Contains(new SeriesOwner(sample.Series.Host, sample.Series.Database))
                     group sample by (sample.Series.Host, sample.Series.Database, sample.Series.Labels) into one
                     orderby one.Key
                     select (Mean: one.Average(s => s.Value), Series: new HistorySeries(one.Key.Database, one.Key.Host, one.Key.Labels,
                     [
                         .. from sample in one
                            group sample.Value by Row(sample) / step * step into bucket
                            orderby bucket.Key
                            select new HistoryPoint(bucket.Key, range.Aggregation == Aggregation.Max ? bucket.Max() : bucket.Average()),
                     ]));
        if (range.Top is { } top) series = series.OrderByDescending(s => range.Aggregation == Aggregation.Max ? s.Series.Points[^1].Value : s.Mean).Take(top);
        return [.. series.Select(s => s.Series)];
    }

    private static bool Same(ImmutableArray<HistorySeries> expected, ImmutableArray<HistorySeries> read) =>
        expected.Length == read.Length && expected.Zip(read).All(pair =>
            (pair.First.Host, pair.First.Database, pair.First.Labels) == (pair.Second.Host, pair.Second.Database, pair.Second.Labels)
            && pair.First.Points.Length == pair.Second.Points.Length
            && pair.First.Points.Zip(pair.Second.Points).All(points => points.First.At == points.Second.At && Math.Abs(points.First.Value - points.Second.Value) < 1e-9 * Math.Abs(points.First.Value) + 1e-12));

    private static string Text(ImmutableArray<HistorySeries> series) =>
        string.Join(" | ", series.Select(s => $"{s.Host}/{s.Database}{{{s.Labels}}} {string.Join(' ', s.Points.Take(8).Select(p => $"{p.At - Some.Midnight}={p.Value}"))}"));
}

using System.Collections.Immutable;
using System.Text;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.ADO.Readers;
using ClickHouse.Driver.Utility;
using DuckMesh.History.Reading;

namespace DuckMesh.History.ClickHouse;

/// <summary>
/// A range as one statement over samples or rollup: rows to buckets, buckets to series, and of these the highest where so asked. Each row of the answer is a series with
/// its points as two arrays.
/// </summary>
internal sealed class RangeQuery(HistoryRange range)
{
    /// <summary>ClickHouse takes a parameter of up to 128 KB (http_max_field_value_size), in which quotes are escaped. Room for some two thousand names.</summary>
    private const int MostNameBytes = 64 << 10;

    public async Task<ImmutableArray<HistorySeries>> RunAsync(ClickHouseServer server, CancellationToken cancellation)
    {
        if (range.Databases is { } owners && Math.Max(owners.Sum(owner => Encoding.UTF8.GetByteCount(owner.Host)), owners.Sum(owner => Encoding.UTF8.GetByteCount(owner.Database))) > MostNameBytes)
            throw new HistoryException(HistoryFault.TooMany, $"{range.Metric}: {owners.Length} databases by name are too many for one question; ask for fewer, or for all");

        // Each series has a point, so more series than points are too many as well.
        var series = await server.ReadAsync(Sql(), Parameters(), null, Series, cancellation, range.MaxPoints).ConfigureAwait(false);
        var points = series.Sum(one => (long)one.Points.Length);
        if (points > range.MaxPoints)
            throw new HistoryException(HistoryFault.TooMany, $"{range.Metric}: {points} points, {range.MaxPoints} are allowed; ask for a wider step, a shorter time or fewer series");
        return series;
    }

    private string Sql()
    {
        var (table, total, count, high) = range.Tier == Tier.Raw
            ? (Schema.Samples, "sum(value)", "count()", "max(value)")
            : (Schema.Rollup, "sum(total)", "sum(n)", "max(hi)");
        var (value, rank) = range.Aggregation == Aggregation.Mean
            ? ("bucket_total / bucket_count", "sum(bucket_total) / sum(bucket_count)")
            : ("bucket_high", "argMax(bucket_high, bucket)");
        return $$"""
            SELECT host, database, labels, groupArray(bucket), groupArray({{value}})
            FROM (
              SELECT host, database, labels, intDiv(toUnixTimestamp(ts), {step:UInt32}) AS bucket,
                {{total}} AS bucket_total, {{count}} AS bucket_count, {{high}} AS bucket_high
              FROM {{table}}
              WHERE metric = {metric:String} AND ts >= {from:UInt32}::DateTime('UTC') AND ts < {to:UInt32}::DateTime('UTC')
                {{(range.Databases is null ? "" : "AND (host, database) IN (SELECT arrayJoin(arrayZip({hosts:Array(String)}, {databases:Array(String)})))")}}
              GROUP BY host, database, labels, bucket)
            GROUP BY host, database, labels
            ORDER BY {{(range.Top is null ? "" : rank + " DESC, ")}}host, database, labels
            {{(range.Top is null ? "" : "LIMIT {top:UInt32}")}}
            """;
    }

    private ClickHouseParameterCollection Parameters()
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("metric", range.Metric);
        parameters.AddParameter("step", Step);
        parameters.AddParameter("from", FirstSecond(range.From));
        parameters.AddParameter("to", FirstSecond(range.To));
        if (range.Top is { } top)
            parameters.AddParameter("top", top);
        if (range.Databases is { } owners)
        {
            parameters.AddParameter("hosts", owners.Select(owner => owner.Host).ToArray());
            parameters.AddParameter("databases", owners.Select(owner => owner.Database).ToArray());
        }

        return parameters;
    }

    private uint Step => (uint)range.Step.TotalSeconds;

    private HistorySeries Series(ClickHouseDataReader row)
    {
        var buckets = row.GetFieldValue<uint[]>(3);
        var values = row.GetFieldValue<double[]>(4);
        Array.Sort(buckets, values);
        var points = ImmutableArray.CreateBuilder<HistoryPoint>(buckets.Length);
        for (var i = 0; i < buckets.Length; i++)
        {
            // The mean of both infinities.
            if (!double.IsNaN(values[i]))
                points.Add(new HistoryPoint((long)buckets[i] * Step, values[i]));
        }

        return new HistorySeries(row.GetString(1), row.GetString(0), row.GetString(2), points.DrainToImmutable());
    }

    /// <summary>The first whole second that is not before this: samples are at whole seconds. Within what a DateTime holds.</summary>
    private static uint FirstSecond(DateTimeOffset at) =>
        (uint)Math.Clamp(((at - DateTimeOffset.UnixEpoch).Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond, uint.MinValue, uint.MaxValue);
}

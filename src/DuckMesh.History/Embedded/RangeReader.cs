using System.Collections.Immutable;
using DuckDB.NET.Data;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Embedded;

/// <summary>Reads a range: which series it means, then their points, down-sampled by the engine.</summary>
internal sealed class RangeReader(DuckDBConnection connection, HistoryRange range, CancellationToken cancellation)
{
    private readonly long _from = range.Tier == Tier.Hour ? Ceiling(range.From) : range.From.ToUnixTimeSeconds();
    private readonly long _to = range.Tier == Tier.Hour ? Ceiling(range.To) : range.To.ToUnixTimeSeconds();

    public ImmutableArray<HistorySeries> Read()
    {
        using var transaction = connection.BeginTransaction();   // one state of the file for both questions
        var wanted = Wanted();
        return wanted.Count == 0 || _from >= _to ? [] : Grouped(wanted, Points(wanted));
    }

    private List<Named> Wanted()
    {
        const string Names = "SELECT series, host, database, labels, retention_days FROM series WHERE metric = $metric";
        const string Chosen = " AND (host, database) IN (SELECT unnest($hosts), unnest($databases))";
        (string, object)[] parameters = [("metric", range.Metric)];
        if (range.Databases is { } databases) parameters = [.. parameters, ("hosts", databases.Select(d => d.Host).ToList()), ("databases", databases.Select(d => d.Database).ToList())];
        return connection.Read(
            parameters.Length > 1 ? Names + Chosen : Names,
            row => new Named(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4)),
            cancellation,
            parameters);
    }

    /// <summary>A series whose retention was changed has several numbers; its points are found under the first.</summary>
    private List<Point> Points(List<Named> wanted)
    {
        var first = wanted.GroupBy(named => named.Name).SelectMany(same => same.Select(named => (named.Number, Shown: same.Min(s => s.Number)))).ToList();
        var days = wanted.Select(named => named.Days).Distinct().ToList();
        List<(string, object)> parameters =
        [
            ("numbers", first.Select(f => f.Number).ToList()),
            ("shown", first.Select(f => f.Shown).ToList()),
            ("from", Sql.Time(_from)),
            ("to", Sql.Time(_to)),
            ("step", range.Step.Ticks / TimeSpan.TicksPerMicrosecond),
            ("limit", range.MaxPoints + 1L),
        ];
        var rows = range.Tier == Tier.Raw ? RawRows(days) : HourRows(days, parameters);
        if (range.Top is { } top) parameters.Add(("top", top));
        var points = connection.Read(Statement(rows), row => new Point(row.GetInt32(0), row.GetInt64(1), row.GetDouble(2)), cancellation, [.. parameters]);
        if (points.Count > range.MaxPoints)
        {
            throw new HistoryException(HistoryFault.TooMany, $"{range.Metric} has more than {range.MaxPoints} points in this range: ask for a wider step, a shorter time, fewer databases or the top few");
        }

        return points;
    }

    private string Statement(string rows)
    {
        var (value, rank) = range.Aggregation == Aggregation.Max ? ("hi", "arg_max(hi, bucket)") : ("total / n", "sum(total) / sum(n)");
        var buckets =
            $"""
             WITH wanted AS (SELECT unnest($numbers) AS series, unnest($shown) AS shown),
             buckets AS (
               SELECT shown, epoch_us(ts) // $step AS bucket, sum(n)::DOUBLE AS n, sum(total) AS total, max(hi) AS hi
               FROM ({rows}) JOIN wanted USING (series) GROUP BY shown, bucket),
             points AS (SELECT shown, bucket, {value} AS value FROM buckets WHERE NOT isnan({value}))
             """;
        return range.Top is null
            ? $"{buckets} SELECT shown, bucket * ($step // 1000000), value FROM points ORDER BY shown, bucket LIMIT $limit"
            : $"""
               {buckets},
               ranks AS (SELECT shown, {rank} AS rank FROM buckets GROUP BY shown),
               top AS (SELECT shown, row_number() OVER (ORDER BY isnan(rank), rank DESC, shown) AS place FROM ranks QUALIFY place <= $top)
               SELECT shown, bucket * ($step // 1000000), value FROM points JOIN top USING (shown) ORDER BY place, bucket LIMIT $limit
               """;
    }

    private static string RawRows(List<int> days) => $"SELECT series, ts, 1 AS n, value AS total, value AS hi FROM ({SampleTable.Union(days)})";

    /// <summary>The rollup, and the samples of hours that it has not taken over.</summary>
    private string HourRows(List<int> days, List<(string, object)> parameters)
    {
        const string Rolled = "SELECT series, ts, n, total, hi FROM samples_1h WHERE ts >= $from AND ts < $to";
        var open = connection.Read(
            "SELECT epoch_us(hour) // 1000000 FROM hours WHERE NOT rolled AND hour >= $from AND hour < $to ORDER BY hour",
            row => row.GetInt64(0),
            cancellation,
            ("from", Sql.Time(_from)),
            ("to", Sql.Time(_to)));
        if (open.Count == 0) return Rolled;
        parameters.Add(("open", Sql.Time(open[0])));
        parameters.Add(("end", Sql.Time(open[^1] + HourTable.Seconds)));
        return $"""
                {Rolled} UNION ALL
                SELECT series, date_trunc('hour', ts) AS ts, 1 AS n, value AS total, value AS hi FROM ({SampleTable.Union(days, "$open", "$end")}) AS samples
                WHERE date_trunc('hour', ts) IN (SELECT hour FROM hours WHERE NOT rolled)
                """;
    }

    /// <summary>Points come series by series: in the order of their rank, or else sorted here by name.</summary>
    private ImmutableArray<HistorySeries> Grouped(List<Named> wanted, List<Point> points)
    {
        var names = wanted.ToDictionary(named => named.Number, named => named.Name);
        var series = new List<HistorySeries>();
        for (var i = 0; i < points.Count;)
        {
            var end = points.FindIndex(i, point => point.Shown != points[i].Shown) is var next and >= 0 ? next : points.Count;
            var (host, database, labels) = names[points[i].Shown];
            series.Add(new HistorySeries(database, host, labels, [.. points[i..end].Select(point => new HistoryPoint(point.At, point.Value))]));
            i = end;
        }

        if (range.Top is null) series.Sort((a, b) => Order(a, b));
        return [.. series];
    }

    private static int Order(HistorySeries one, HistorySeries other) =>
        string.CompareOrdinal(one.Host, other.Host) is var host and not 0 ? host
        : string.CompareOrdinal(one.Database, other.Database) is var database and not 0 ? database
        : string.CompareOrdinal(one.Labels, other.Labels);

    /// <summary>The first hour that begins at or after a time.</summary>
    private static long Ceiling(DateTimeOffset time) => (time.ToUnixTimeSeconds() + (time.Ticks % TimeSpan.TicksPerSecond > 0 ? 1 : 0) + HourTable.Seconds - 1) / HourTable.Seconds * HourTable.Seconds;

    private readonly record struct Point(int Shown, long At, double Value);

    private sealed record Named(int Number, string Host, string Database, string Labels, int Days)
    {
        public (string Host, string Database, string Labels) Name => (Host, Database, Labels);
    }
}

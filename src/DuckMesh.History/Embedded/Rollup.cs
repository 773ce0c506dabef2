using DuckDB.NET.Data;

namespace DuckMesh.History.Embedded;

/// <summary>Takes over hours that are past into the rollup: count, sum, least and greatest value by series.</summary>
internal static class Rollup
{
    /// <summary>
    /// An hour is taken over when it has been past for so long: by then what is flushed and retried as usual is in. What comes later still is added (<see cref="LateSamples"/>),
    /// only in more rows.
    /// </summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    /// <summary>Each hour is a transaction of its own; being cancelled between them loses nothing.</summary>
    public static void Run(DuckDBConnection connection, HourTable hours, IReadOnlyCollection<int> days, long now, CancellationToken cancellation)
    {
        if (days.Count == 0) return;
        foreach (var hour in hours.Open(before: now - (long)After.TotalSeconds - HourTable.Seconds + 1))
        {
            cancellation.ThrowIfCancellationRequested();
            using var transaction = connection.BeginTransaction();
            connection.Execute(
                $"INSERT INTO samples_1h SELECT series, $from, count(*), sum(value), min(value), max(value) FROM ({SampleTable.Union(days)}) GROUP BY series",
                ("from", Sql.Time(hour)),
                ("to", Sql.Time(hour + HourTable.Seconds)));
            hours.MarkRolled(connection, hour);
            transaction.Commit();
        }
    }
}

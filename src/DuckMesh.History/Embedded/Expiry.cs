using DuckDB.NET.Data;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Embedded;

/// <summary>Deletes what is older than its retention. The engine uses the freed blocks of the file again; the file itself does not shrink.</summary>
internal static class Expiry
{
    private const long Day = 86_400;

    /// <summary>When something was deleted last; null: never.</summary>
    public static DateTimeOffset? Last(DuckDBConnection connection) =>
        connection.Read("SELECT expired_at FROM expiry", row => new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc)), CancellationToken.None) is [.., var last] ? last : null;

    /// <returns>Whether series were deleted.</returns>
    public static bool Run(DuckDBConnection connection, HourTable hours, IReadOnlyCollection<int> days, Retention retention, DateTimeOffset now, CancellationToken cancellation)
    {
        var seconds = now.ToUnixTimeSeconds();
        var firstOfDay = Last(connection) is not { } last || last.ToUnixTimeSeconds() / Day != seconds / Day;
        cancellation.ThrowIfCancellationRequested();
        using var transaction = connection.BeginTransaction();
        foreach (var kept in days) connection.Execute($"DELETE FROM {SampleTable.Name(kept)} WHERE ts < $before", Before(kept));
        connection.Execute("DELETE FROM samples_1h WHERE ts < $before", Before(retention.Rollup));
        connection.Execute("DELETE FROM events WHERE ts < $before", Before(retention.Alert));
        connection.Execute("DELETE FROM blocks WHERE number <= (SELECT max(number) FROM blocks) - $remembered", ("remembered", HistoryBlock.Remembered));
        hours.Delete(connection, seconds - (retention.Rollup * Day));
        var forgotten = firstOfDay && DeleteSeries(connection, hours, days) > 0;
        connection.Execute("DELETE FROM expiry");
        connection.Execute("INSERT INTO expiry VALUES ($now)", ("now", now.UtcDateTime));
        transaction.Commit();
        return forgotten;

        (string, object) Before(int kept) => ("before", Sql.Time(seconds - (kept * Day)));
    }

    /// <summary>Series of which nothing is left: not in the rollup, which is kept longest, nor among the samples of hours that it has not taken over. Looks through the rollup, so once a day.</summary>
    private static int DeleteSeries(DuckDBConnection connection, HourTable hours, IReadOnlyCollection<int> days)
    {
        if (days.Count == 0) return 0;
        var open = hours.Open(before: Sample.Latest);
        return connection.Execute(
            $"DELETE FROM series WHERE series NOT IN (SELECT series FROM samples_1h UNION SELECT series FROM ({SampleTable.Union(days)}))",
            ("from", Sql.Time(open.Count == 0 ? Sample.Latest : open[0])),
            ("to", Sql.Time(Sample.Latest)));
    }
}

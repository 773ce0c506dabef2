using System.Globalization;

namespace DuckMesh.History.Embedded;

/// <summary>
/// The tables of samples: one a retention, so that a day that is over is deleted without looking at the others. They have no key and no index, which would cost eight
/// times the space and five times the time; they are in the order of arrival, in which times compress to almost nothing.
/// </summary>
internal static class SampleTable
{
    /// <summary>The only name that is made: of a number.</summary>
    public static string Name(int days) => string.Create(CultureInfo.InvariantCulture, $"samples_{days}");

    public static string Definition(int days) => $"CREATE TABLE IF NOT EXISTS {Name(days)} (series INTEGER NOT NULL, ts TIMESTAMP NOT NULL, value DOUBLE NOT NULL)";

    /// <summary>The samples of these tables from <c>$from</c> to before <c>$to</c>, as one relation of series, ts and value.</summary>
    public static string Union(IEnumerable<int> days, string from = "$from", string to = "$to") =>
        string.Join(" UNION ALL ", days.Select(d => $"SELECT series, ts, value FROM {Name(d)} WHERE ts >= {from} AND ts < {to}"));
}

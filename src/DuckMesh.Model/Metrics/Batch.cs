using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Metrics;

/// <summary>
/// The metric samples of one database at one instant, immutable and shared by all who read it.
/// <see cref="Values"/> is indexed by <see cref="Series.Index"/>; NaN means absent: not knowable from where we stand.
/// </summary>
public sealed class Batch(DatabaseDescription database, DateTimeOffset at, double[] values)
{
    public DatabaseDescription Database { get; } = database;

    /// <summary>When the probe saw it.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>When the file was last observed; null: not since this node watches it.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    public ReadOnlySpan<double> Values => values;

    public double this[Series series] => values[series.Index];

    public static double[] NoValues()
    {
        var values = new double[MetricCatalog.SeriesCount];
        Array.Fill(values, double.NaN);
        return values;
    }
}

using ClickHouse.Driver;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.ClickHouse;

/// <summary>
/// A sample as a row of <see cref="Schema.Samples"/>. The types are those on the wire: a LowCardinality(String) is sent as a String, a DateTime as its seconds. A type on
/// each column also spares the driver a query for them.
/// </summary>
internal sealed class SampleRow(Sample sample)
{
    private readonly SeriesKey _series = sample.Series;

    [ClickHouseColumn(Name = "metric", Type = "String")]
    public string Metric => _series.Metric;

    [ClickHouseColumn(Name = "database", Type = "String")]
    public string Database => _series.Database;

    [ClickHouseColumn(Name = "host", Type = "String")]
    public string Host => _series.Host;

    [ClickHouseColumn(Name = "labels", Type = "String")]
    public string Labels => _series.Labels;

    [ClickHouseColumn(Name = "ts", Type = "UInt32")]
    public uint Ts { get; } = (uint)sample.At;

    [ClickHouseColumn(Name = "value", Type = "Float64")]
    public double Value { get; } = sample.Value;

    [ClickHouseColumn(Name = "retention_days", Type = "UInt16")]
    public ushort RetentionDays => (ushort)_series.RetentionDays;
}

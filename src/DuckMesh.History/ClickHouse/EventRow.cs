using ClickHouse.Driver;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.ClickHouse;

/// <summary>An event as a row of <see cref="Schema.Events"/>; types as on the wire, like <see cref="SampleRow"/>.</summary>
internal sealed class EventRow(HistoryEvent happened, int retentionDays)
{
    [ClickHouseColumn(Name = "id", Type = "String")]
    public string Id => happened.Id;

    /// <summary>A DateTime64(6) is sent as its microseconds.</summary>
    [ClickHouseColumn(Name = "at", Type = "Int64")]
    public long At => (happened.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [ClickHouseColumn(Name = "kind", Type = "String")]
    public string Kind => EventKinds.Text(happened.Kind);

    [ClickHouseColumn(Name = "subject", Type = "String")]
    public string Subject => happened.Subject;

    [ClickHouseColumn(Name = "database", Type = "String")]
    public string Database => happened.Database;

    [ClickHouseColumn(Name = "host", Type = "String")]
    public string Host => happened.Host;

    [ClickHouseColumn(Name = "text", Type = "String")]
    public string Text => happened.Text;

    [ClickHouseColumn(Name = "episode", Type = "String")]
    public string Episode => happened.Episode ?? "";

    [ClickHouseColumn(Name = "rule", Type = "String")]
    public string Rule => happened.Rule ?? "";

    [ClickHouseColumn(Name = "severity", Type = "String")]
    public string Severity => happened.Severity ?? "";

    [ClickHouseColumn(Name = "state", Type = "String")]
    public string State => happened.State ?? "";

    [ClickHouseColumn(Name = "value", Type = "Nullable(Float64)")]
    public double? Value => happened.Value;

    [ClickHouseColumn(Name = "threshold", Type = "Nullable(Float64)")]
    public double? Threshold => happened.Threshold;

    [ClickHouseColumn(Name = "retention_days", Type = "UInt16")]
    public ushort RetentionDays => (ushort)retentionDays;
}

using System.Collections.Immutable;

namespace DuckMesh.Model.Metrics;

/// <summary>One metric of a database, as the contract names it.</summary>
/// <param name="Name">Prometheus name, with unit and, for a counter, <c>_total</c>.</param>
/// <param name="Unit">Base unit: bytes, seconds, ratio; or null for a plain number.</param>
/// <param name="Vantage">Where it can be known from.</param>
/// <param name="Labels">Its labels besides <c>database</c> and <c>host</c>.</param>
/// <param name="PlainName">The name under which <c>seed-names.yml</c> records it; or null.</param>
/// <param name="DarkUntil">What would make it known where it is absent.</param>
public sealed record Metric(
    string Name,
    MetricType Type,
    string? Unit,
    MetricGroup Group,
    RetentionClass Retention,
    Vantage Vantage,
    string Help,
    ImmutableArray<string> Labels,
    string? PlainName,
    string DarkUntil)
{
    /// <summary>Its series that have a fixed place in <see cref="Batch.Values"/>; empty for metrics whose labels are not known beforehand.</summary>
    public ImmutableArray<Series> Series { get; internal set; } = [];
}

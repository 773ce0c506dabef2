using System.Collections.Immutable;

namespace DuckMesh.History.Reading;

/// <summary>What is asked of a store: one metric of some databases over a time, in steps.</summary>
/// <param name="Metric">The stored name.</param>
/// <param name="Databases">Only these; null: all.</param>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Step">The width of a bucket, whole seconds; buckets begin at multiples of it since 1970.</param>
/// <param name="Tier">Samples, or the hourly rollup; then the step is a multiple of an hour.</param>
/// <param name="Aggregation">How a bucket becomes one value.</param>
/// <param name="Top">Only so many series, those with the highest mean over the range (<see cref="Aggregation.Max"/>: the highest last value); null: all.</param>
/// <param name="MaxPoints">More points than these are not read: the answer would not be whole, so it is an error.</param>
public sealed record HistoryRange(
    string Metric,
    ImmutableArray<SeriesOwner>? Databases,
    DateTimeOffset From,
    DateTimeOffset To,
    TimeSpan Step,
    Tier Tier,
    Aggregation Aggregation,
    int? Top,
    int MaxPoints);

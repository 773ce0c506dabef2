using System.Collections.Immutable;

namespace DuckMesh.History.Reading;

/// <summary>The points of one series, oldest first; a bucket without a sample has none.</summary>
/// <param name="Labels">As in <see cref="Blocks.SeriesKey.Labels"/>.</param>
public sealed record HistorySeries(string Database, string Host, string Labels, ImmutableArray<HistoryPoint> Points);

namespace DuckMesh.History.Blocks;

/// <summary>What a stored series is called. One object a series is shared by its samples, so that a store may look it up by reference.</summary>
/// <param name="Metric">A name of the catalog; a histogram's parts are <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</param>
/// <param name="Database">The label <c>database</c>; unique on its host only.</param>
/// <param name="Host">The label <c>host</c>.</param>
/// <param name="Labels">The other labels, as <see cref="SeriesLabels"/> writes them; empty for none.</param>
/// <param name="RetentionDays">How long its samples are kept; few different values, as a store keeps each apart.</param>
public sealed record SeriesKey(string Metric, string Database, string Host, string Labels, int RetentionDays);

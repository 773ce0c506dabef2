using System.Collections.Immutable;
using System.ComponentModel;

namespace DuckMesh.Node.Http.History;

[Description("One metric over a time.")]
public sealed record HistoryItem(
    [property: Description("The name of the metric.")] string Metric,
    [property: Description("Seconds that a point stands for.")] double Step,
    [property: Description("raw: from the samples. hour: from the hourly rollup.")] string Source,
    [property: Description("The step is wider than was asked for: the range is too wide for it, or its samples are not kept any more.")] bool Coarsened,
    [property: Description("The series, by host, database and labels; of the top ones the highest first.")] ImmutableArray<SeriesItem> Series,
    [property: Description("Nodes that could not be asked: what only they have stored is not in this answer.")] ImmutableArray<string> Missing);

using System.Collections.Immutable;
using System.ComponentModel;

namespace DuckMesh.Node.Http.History;

[Description("One series.")]
public sealed record SeriesItem(
    [property: Description("database, host, and what the metric has besides.")] ImmutableSortedDictionary<string, string> Labels,
    [property: Description("Pairs of Unix seconds and value, oldest first: of a gauge the mean of the step, of a counter its greatest. A step without a sample has none; an infinite value is null.")]
    ImmutableArray<ImmutableArray<double?>> Points);

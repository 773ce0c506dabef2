using System.Collections.Immutable;

namespace DuckMesh.Model.Metrics;

/// <summary>One series of a metric: a place in <see cref="Batch.Values"/> and the labels it has there besides <c>database</c> and <c>host</c>.</summary>
public sealed record Series(int Index, string Metric, ImmutableArray<KeyValuePair<string, string>> Labels);

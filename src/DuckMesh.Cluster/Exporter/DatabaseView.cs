using System.Collections.Immutable;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Cluster.Exporter;

/// <summary>What this node knows now of one database whose supervisor runs here.</summary>
/// <param name="Database">Identity and state in words; also before the first reading.</param>
/// <param name="Latest">The newest batch; null before the first reading.</param>
/// <param name="Episodes">Open ones, and those resolved lately, newest first.</param>
/// <param name="NoData">Rules that can't be judged because their metric is absent.</param>
public sealed record DatabaseView(DatabaseDescription Database, Batch? Latest, ImmutableArray<Episode> Episodes, ImmutableArray<string> NoData);

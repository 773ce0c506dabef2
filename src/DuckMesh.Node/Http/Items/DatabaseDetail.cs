using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Http.Items;

[Description("One database with all that is measured and its alerts.")]
public sealed record DatabaseDetail : DatabaseItem
{
    /// <summary>As another node wrote it.</summary>
    [JsonConstructor]
    internal DatabaseDetail()
    {
    }

    internal DatabaseDetail(DatabaseView view, string node, RuleSet rules)
        : base(view, node)
    {
        Metrics = view.Latest is { } batch
            ? MetricCatalog.Metrics.SelectMany(m => m.Series).Where(s => double.IsFinite(batch[s])).ToImmutableSortedDictionary(NameOf, s => batch[s], StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, double>.Empty;
        MeasuredAt = view.Latest?.At.UtcDateTime;
        Episodes = [.. view.Episodes.Select(e => new AlertItem(e, view.Database.Name, rules))];
        NoData = view.NoData;
    }

    [Description("Each metric that is known now, under the name that /metrics gives it. What is not here can't be known from where the node stands.")]
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    [Description("When the metrics were measured.")]
    public DateTime? MeasuredAt { get; init; }

    [Description("Its open alerts, and those resolved lately, newest first.")]
    public ImmutableArray<AlertItem> Episodes { get; init; } = [];

    [Description("Rules that can't be judged because their metric is absent.")]
    public ImmutableArray<string> NoData { get; init; } = [];

    private static string NameOf(Series series) => series.Labels.IsEmpty
        ? series.Metric
        : $"{series.Metric}{{{string.Join(',', series.Labels.Select(l => $"{l.Key}=\"{l.Value}\""))}}}";
}

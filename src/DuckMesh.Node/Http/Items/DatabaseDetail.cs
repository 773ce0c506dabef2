using System.Collections.Immutable;
using System.ComponentModel;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Http.Items;

[Description("One database with all that is measured and its alerts.")]
public sealed record DatabaseDetail : DatabaseItem
{
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
    public ImmutableSortedDictionary<string, double> Metrics { get; }

    [Description("When the metrics were measured.")]
    public DateTime? MeasuredAt { get; }

    [Description("Its open alerts, and those resolved lately, newest first.")]
    public ImmutableArray<AlertItem> Episodes { get; }

    [Description("Rules that can't be judged because their metric is absent.")]
    public ImmutableArray<string> NoData { get; }

    private static string NameOf(Series series) => series.Labels.IsEmpty
        ? series.Metric
        : $"{series.Metric}{{{string.Join(',', series.Labels.Select(l => $"{l.Key}=\"{l.Value}\""))}}}";
}

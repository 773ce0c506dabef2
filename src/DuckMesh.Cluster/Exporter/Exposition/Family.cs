using System.Collections.Immutable;
using System.Text;
using DuckMesh.Model.Metrics;
using Prometheus;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>One metric family as text that never changes: its comment lines in both formats, and the beginning of each series' sample lines.</summary>
internal sealed class Family
{
    private readonly byte[] _text;
    private readonly byte[] _openMetrics;

    /// <exception cref="ArgumentException">A name is not one that Prometheus accepts.</exception>
    public Family(string name, MetricType type, string? unit, MetricGroup group, string help, ImmutableArray<Series> series)
    {
        foreach (var n in series.SelectMany(s => s.Labels, (_, l) => l.Key).Prepend(name))
        {
            if (!LabelText.IsName(n)) throw new ArgumentException($"'{n}' is no name that Prometheus accepts.", nameof(name));
        }

        Name = name;
        Group = group;
        // In the text format a counter's family has the name of its samples; in OpenMetrics it is named without _total (facts: platform 4.1).
        var openName = type == MetricType.Counter && name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
        var kind = type.ToString().ToLowerInvariant();
        var escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        _text = Encoding.UTF8.GetBytes($"# HELP {name} {escaped}\n# TYPE {name} {kind}\n");
        // OpenMetrics allows a unit only where the family's name ends in it.
        var unitLine = unit is not null && openName.EndsWith($"_{unit}", StringComparison.Ordinal) ? $"# UNIT {openName} {unit}\n" : "";
        _openMetrics = Encoding.UTF8.GetBytes($"# TYPE {openName} {kind}\n{unitLine}# HELP {openName} {escaped.Replace("\"", "\\\"", StringComparison.Ordinal)}\n");
        Series = [.. series.Select(s => (s.Index, Prefix(name, s.Labels)))];
    }

    public string Name { get; }

    public MetricGroup Group { get; }

    /// <summary>Places in a batch, and <c>name{own="labels",</c>: the database's labels follow.</summary>
    public ImmutableArray<(int Index, byte[] Prefix)> Series { get; }

    public ReadOnlySpan<byte> Header(ExpositionFormat format) => format == ExpositionFormat.OpenMetricsText ? _openMetrics : _text;

    private static byte[] Prefix(string name, ImmutableArray<KeyValuePair<string, string>> labels) =>
        Encoding.UTF8.GetBytes($"{name}{{{string.Concat(labels.Select(l => $"{l.Key}=\"{LabelText.Escape(l.Value)}\","))}");
}

using System.Collections.Immutable;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>What a scrape asks for.</summary>
/// <param name="Groups">Only these groups; empty: all.</param>
/// <param name="Databases">Only databases of these names; empty: all.</param>
public sealed record ExpositionSelection(ImmutableHashSet<MetricGroup> Groups, ImmutableHashSet<string> Databases)
{
    public static readonly ExpositionSelection All = new([], []);

    /// <summary>
    /// The node's own metrics are part of an unnarrowed scrape. A scrape of some databases gets them only when it names the group, so that one scrape
    /// job per database does not store them many times.
    /// </summary>
    public bool IncludesNode => Groups.IsEmpty ? Databases.IsEmpty : Groups.Contains(MetricGroup.Node);

    public bool Includes(MetricGroup group) => Groups.IsEmpty || Groups.Contains(group);

    public bool Includes(DatabaseDescription database) => Databases.IsEmpty || Databases.Contains(database.Name);
}

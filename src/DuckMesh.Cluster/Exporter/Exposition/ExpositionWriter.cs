using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using Prometheus;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>
/// The databases' part of <c>/metrics</c>: Prometheus text 0.0.4 or OpenMetrics 1.0, in the catalog's order, one family after the other. What is absent has no
/// line, and a family that nobody has is not there at all. Samples carry no timestamp: they are what is known at the scrape. The closing <c># EOF</c> of
/// OpenMetrics is left to whoever ends the document. One writer serves one scrape; it must be disposed.
/// </summary>
public sealed class ExpositionWriter : IDisposable
{
    private static readonly ImmutableArray<Family> Catalog =
        [.. MetricCatalog.Metrics.Select(m => new Family(m.Name, m.Type, m.Unit, m.Group, m.Help, m.Series))];

    private static readonly Family Firing = new("duckmesh_alert_firing", MetricType.Gauge, null, MetricGroup.Database, "1 while the rule fires for the database.", []);

    private static readonly Family Expected = new("duckmesh_database_expected", MetricType.Gauge, null, MetricGroup.Database,
        "1 = its absence is an alert: it was configured by name, or had an owner for long enough.", []);

    private readonly ExpositionFormat _format;
    private readonly ExpositionSelection _selection;
    private readonly ImmutableArray<DatabaseView> _views;
    private readonly double[] _values;
    private readonly LabelBlocks _labels;

    public ExpositionWriter(FleetSnapshot fleet, ExpositionSelection selection, ExpositionFormat format)
    {
        _format = format;
        _selection = selection;
        _views = selection.Databases.IsEmpty ? fleet.Databases : [.. fleet.Databases.Where(v => selection.Includes(v.Database))];
        // Turned once from a row per database into a column per series: lines are written in columns, and walking 10,000 objects for each would cost more than the lines.
        _values = ArrayPool<double>.Shared.Rent(MetricCatalog.SeriesCount * _views.Length);
        for (var i = 0; i < _views.Length; i++)
        {
            var batch = Gone(_views[i]) ? null : _views[i].Latest;
            for (var s = 0; s < MetricCatalog.SeriesCount; s++) _values[(s * _views.Length) + i] = batch is null ? double.NaN : batch.Values[s];
        }

        _labels = new LabelBlocks(_views);
    }

    public void Write(IBufferWriter<byte> output)
    {
        foreach (var family in Chosen()) Write(family, output);
    }

    /// <summary>The same, handing over each family as it is ready, so that a slow reader never makes the node hold the whole document.</summary>
    public async Task WriteAsync(PipeWriter output, CancellationToken cancellation)
    {
        foreach (var family in Chosen())
        {
            Write(family, output);
            var flushed = await output.FlushAsync(cancellation);
            if (flushed.IsCompleted) return;
        }
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_values);
        _labels.Dispose();
    }

    private IEnumerable<Family> Chosen() => Catalog.Append(Expected).Append(Firing).Where(f => _selection.Includes(f.Group));

    private void Write(Family family, IBufferWriter<byte> output)
    {
        var lines = new Lines(output);
        if (family == Firing) WriteFiring(ref lines);
        else if (family == Expected) WriteExpected(ref lines);
        else if (family.Name == MetricCatalog.Info.Name) WriteInfo(family, ref lines);
        else WriteValues(family, ref lines);
        lines.Flush();
    }

    private void WriteValues(Family family, ref Lines lines)
    {
        var begun = false;
        foreach (var (index, prefix) in family.Series)
        {
            var column = _values.AsSpan(index * _views.Length, _views.Length);
            for (var i = 0; i < column.Length; i++)
            {
                if (!double.IsFinite(column[i])) continue;
                if (!begun) lines.Write(family.Header(_format));
                begun = true;
                lines.Sample(prefix, _labels[i], column[i]);
            }
        }
    }

    private void WriteInfo(Family family, ref Lines lines)
    {
        var begun = false;
        for (var i = 0; i < _views.Length; i++)
        {
            var database = _views[i].Database;
            // Inventory of what is seen: of a file that is not there, pid and version would be those of the past.
            if (database.State is not (DatabaseState.Up or DatabaseState.Unowned or DatabaseState.Unreadable)) continue;
            if (!begun) lines.Write(family.Header(_format));
            begun = true;
            lines.Write("duckdb_info{"u8);
            lines.Label("path", database.Id.Path);
            lines.Label("storage_version", database.StorageVersion?.ToString(CultureInfo.InvariantCulture));
            lines.Label("created_by", database.CreatedBy);
            lines.Label("library_version", database.LibraryVersion);
            lines.Label("encrypted", database.Encrypted switch { true => "true", false => "false", null => null });
            lines.Label("owner_pid", database.OwnerPid?.ToString(CultureInfo.InvariantCulture));
            lines.Label("owner_exe", database.OwnerExe);
            lines.Sample([], _labels[i], 1);
        }
    }

    private void WriteExpected(ref Lines lines)
    {
        var begun = false;
        for (var i = 0; i < _views.Length; i++)
        {
            if (Gone(_views[i])) continue;
            if (!begun) lines.Write(Expected.Header(_format));
            begun = true;
            lines.Sample("duckmesh_database_expected{"u8, _labels[i], _views[i].Database.Expected ? 1 : 0);
        }
    }

    private void WriteFiring(ref Lines lines)
    {
        var begun = false;
        for (var i = 0; i < _views.Length; i++)
        {
            foreach (var episode in _views[i].Episodes)
            {
                if (episode.State != EpisodeState.Firing) continue;
                if (!begun) lines.Write(Firing.Header(_format));
                begun = true;
                lines.Write("duckmesh_alert_firing{"u8);
                lines.Label("rule", episode.Rule);
                lines.Label("severity", episode.Severity.ToString().ToLowerInvariant());
                lines.Sample([], _labels[i], 1);
            }
        }
    }

    /// <summary>The metrics of a database that came and went end at once (contract, section 5).</summary>
    private static bool Gone(DatabaseView view) => view.Database.State == DatabaseState.Lost;
}

using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CsCheck;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Exporter.Exposition;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using Prometheus;

namespace DuckMesh.Cluster.Tests.Exporter.Exposition;

public sealed class ExpositionWriterTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_absent_has_no_line_and_a_family_nobody_has_is_not_there()
    {
        var document = Parse(Fleet(View("a", (MetricCatalog.Up, 1), (MetricCatalog.WalSizeBytes, double.PositiveInfinity))));

        Assert.Equal(["duckdb_up", "duckdb_info", "duckmesh_database_expected"], document.Families);
        Assert.Equal(1, document.Value("duckdb_up", ("database", "a"), ("host", "h")));
    }

    [Fact]
    public void Families_stand_in_the_catalogs_order_each_once()
    {
        var all = MetricCatalog.Metrics.SelectMany(m => m.Series).Select(s => (s, 1d)).ToArray();

        var families = Parse(Fleet(View("a", all), View("b", all))).Families;

        Assert.Equal([.. MetricCatalog.Metrics.Where(m => !m.Series.IsEmpty || m == MetricCatalog.Info).Select(m => m.Name), "duckmesh_database_expected"], families);
    }

    [Fact]
    public void The_text_format_looks_as_documented()
    {
        var text = Text(Fleet(View("a", (MetricCatalog.BlocksFree, 3), (MetricCatalog.Checkpoints, 12), (MetricCatalog.DiskUsageRatio, 0.123))), ExpositionFormat.PrometheusText);

        Assert.Contains("# TYPE duckdb_blocks gauge\nduckdb_blocks{state=\"free\",database=\"a\",host=\"h\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE duckdb_checkpoints_total counter\nduckdb_checkpoints_total{database=\"a\",host=\"h\"} 12\n", text, StringComparison.Ordinal);
        Assert.Contains("duckdb_disk_usage_ratio{database=\"a\",host=\"h\"} 0.123\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("UNIT", text, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenMetrics_names_a_counters_family_without_total_and_states_units()
    {
        var text = Text(Fleet(View("a", (MetricCatalog.Checkpoints, 12), (MetricCatalog.IoReadBytes, 1))), ExpositionFormat.OpenMetricsText);

        Assert.Contains("# TYPE duckdb_checkpoints counter\n", text, StringComparison.Ordinal);
        Assert.Contains("\nduckdb_checkpoints_total{database=\"a\",host=\"h\"} 12\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE duckdb_io_read_bytes counter\n# UNIT duckdb_io_read_bytes bytes\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("# EOF", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Inventory_leaves_out_what_is_not_known()
    {
        var view = View("a");
        view = view with { Database = view.Database with { StorageVersion = 68, OwnerPid = 4711, OwnerExe = "/usr/bin/node", Encrypted = false } };

        var info = Assert.Single(Parse(Fleet(view)).Samples, s => s.Name == "duckdb_info");

        Assert.Equal(["database", "encrypted", "host", "owner_exe", "owner_pid", "path", "storage_version"], info.Labels.Keys);
        Assert.Equal("/data/a.duckdb", info.Labels["path"]);
        Assert.Subset(MetricCatalog.Info.Labels.Concat(["database", "host"]).ToHashSet(), info.Labels.Keys.ToHashSet());
    }

    [Fact]
    public void Only_what_fires_is_firing()
    {
        var view = View("a") with { Episodes = [Episode("HighCpu", EpisodeState.Firing), Episode("DiskFull", EpisodeState.Pending), Episode("HighMemory", EpisodeState.NoData)] };

        var firing = Assert.Single(Parse(Fleet(view)).Samples, s => s.Name == "duckmesh_alert_firing");

        Assert.Equal("HighCpu", firing.Labels["rule"]);
        Assert.Equal("high", firing.Labels["severity"]);
    }

    [Fact]
    public void The_metrics_of_a_database_that_came_and_went_end_at_once()
    {
        var view = View("a", (MetricCatalog.FileSizeBytes, 1));

        Assert.Empty(Parse(Fleet(view with { Database = view.Database with { State = DatabaseState.Lost } })).Samples);
    }

    [Fact]
    public void An_expected_database_that_is_down_keeps_its_up_but_not_its_inventory()
    {
        var view = View("a", (MetricCatalog.Up, 0));

        var document = Parse(Fleet(view with { Database = view.Database with { State = DatabaseState.Down, Expected = true } }));

        Assert.Equal(["duckdb_up", "duckmesh_database_expected"], document.Families);
        Assert.Equal(1, document.Value("duckmesh_database_expected"));
    }

    [Fact]
    public void A_selection_narrows_to_groups_and_databases()
    {
        var fleet = Fleet(View("a", (MetricCatalog.FileSizeBytes, 1), (MetricCatalog.DiskFreeBytes, 2)), View("b", (MetricCatalog.DiskFreeBytes, 3)));

        var document = Parse(fleet, new ExpositionSelection([MetricGroup.System], ["b"]));

        Assert.Equal(["duckdb_disk_free_bytes"], document.Families);
        Assert.Equal(3, Assert.Single(document.Samples).Value);
    }

    [Theory]
    [InlineData(true, new MetricGroup[0], new string[0])]
    [InlineData(true, new[] { MetricGroup.Node, MetricGroup.System }, new[] { "a" })]
    [InlineData(false, new MetricGroup[0], new[] { "a" })]
    [InlineData(false, new[] { MetricGroup.System }, new string[0])]
    public void The_nodes_own_metrics_are_part_of_a_whole_scrape_or_asked_for(bool expected, MetricGroup[] groups, string[] databases) =>
        Assert.Equal(expected, new ExpositionSelection([.. groups], [.. databases]).IncludesNode);

    [Fact]
    public void Any_name_path_and_value_reads_back_as_it_was() =>
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Double, Gen.Bool).Sample(
            (name, path, exe, value, open) =>
            {
                var description = new DatabaseDescription(new DatabaseId("h", null, "/" + path), name, DatabaseState.Up, true, null) { OwnerExe = exe };
                var values = Batch.NoValues();
                values[MetricCatalog.WalCommits.Index] = value;
                var view = new DatabaseView(description, new Batch(description, At, values), [], []);

                var document = Parse(Fleet(view), format: open ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText);

                var info = Assert.Single(document.Samples, s => s.Name == "duckdb_info");
                Assert.Equal(Valid(name), info.Labels["database"]);
                Assert.Equal(Valid("/" + path), info.Labels["path"]);
                Assert.Equal(Valid(exe), info.Labels.GetValueOrDefault("owner_exe", ""));
                Assert.Equal(double.IsFinite(value) ? value : null, document.Value("duckdb_wal_commits"));
            },
            iter: 20_000);

    [Fact]
    public void Whole_numbers_and_large_ones_read_back_as_they_were() =>
        Gen.OneOf(Gen.Long.Select(l => (double)l), Gen.Int.Select(i => (double)i), Gen.Double, Gen.Double[0, 1]).Sample(
            value => Assert.Equal(value, Parse(Fleet(View("a", (MetricCatalog.WalCommits, value)))).Value("duckdb_wal_commits")),
            iter: 20_000);

    [Fact]
    public void A_path_as_long_as_Linux_allows_is_written_whole()
    {
        var path = "/" + new string('ü', 4095);
        var view = View("a");
        var description = new DatabaseDescription(new DatabaseId("h", null, path), "a", DatabaseState.Up, false, null) { OwnerExe = path };

        var info = Parse(Fleet(view with { Database = description })).Samples.Single(s => s.Name == "duckdb_info");

        Assert.Equal(path, info.Labels["path"]);
        Assert.Equal(path, info.Labels["owner_exe"]);
    }

    [Fact]
    public void An_empty_fleet_gives_an_empty_document() => Assert.Equal("", Text(Fleet(), ExpositionFormat.PrometheusText));

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static Episode Episode(string rule, EpisodeState state) =>
        new($"h:/data/a.duckdb#{rule}#0", DatabaseId.Parse("h:/data/a.duckdb"), rule, Severity.High, state, At, At, 1, 0.95, 0.9, "over the threshold");

    private static FleetSnapshot Fleet(params DatabaseView[] views) => new(At, [.. views]);

    private static DatabaseView View(string name, params (Series Series, double Value)[] samples)
    {
        var description = new DatabaseDescription(new DatabaseId("h", null, $"/data/{name}.duckdb"), name, DatabaseState.Up, false, null);
        var values = Batch.NoValues();
        foreach (var (series, value) in samples) values[series.Index] = value;
        return new DatabaseView(description, new Batch(description, At, values), [], []);
    }

    private static ExpositionDocument Parse(FleetSnapshot fleet, ExpositionSelection? selection = null, ExpositionFormat format = ExpositionFormat.PrometheusText) =>
        ExpositionDocument.Parse(Bytes(fleet, selection ?? ExpositionSelection.All, format));

    private static string Text(FleetSnapshot fleet, ExpositionFormat format) => Encoding.UTF8.GetString(Bytes(fleet, ExpositionSelection.All, format));

    private static ReadOnlySpan<byte> Bytes(FleetSnapshot fleet, ExpositionSelection selection, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new ExpositionWriter(fleet, selection, format);
        writer.Write(output);
        return output.WrittenSpan;
    }
}

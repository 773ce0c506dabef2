using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Node.Terminal;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class FleetTableTests
{
    private static readonly DatabaseView Orders = Some.View("orders", (MetricCatalog.FileSizeBytes, 1_060_864), (MetricCatalog.WalSizeBytes, 44_112), (MetricCatalog.CpuUsageRatio, 0.31), (MetricCatalog.MemoryUsageRatio, 0.02))
        .With(d => d with { OwnerPid = 12574, OwnerExe = "/usr/bin/shop", Owners = 1 });

    [Fact]
    public void A_row_has_name_owner_figures_and_alerts_and_the_path_where_there_is_room()
    {
        var view = Orders.With(Some.Episode(Orders, "HighCpu", EpisodeState.Firing));
        var row = Assert.Single(Screen.Table(Screen.Of(Some.Fleet(view)), 120, 24), line => line.StartsWith("orders", StringComparison.Ordinal));
        Assert.Equal(["orders", "12574 shop", "1.06 MB", "44.1 KB", "31 %", "2 %", "HighCpu", "/srv/orders.duckdb"], row.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void What_is_not_known_is_a_dash()
    {
        var row = Assert.Single(Screen.Table(Screen.Of(Some.Fleet(Some.View("blank"))), 80, 24), line => line.StartsWith("blank", StringComparison.Ordinal));
        Assert.Equal(4, row.Count(c => c == '–'));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void A_hundred_databases_fit_a_terminal_of_any_width_one_line_each(int width)
    {
        var views = Enumerable.Range(0, 100).Select(i =>
        {
            var view = Some.View($"analytics/{new string('本', i % 40)}{i:000}", (MetricCatalog.FileSizeBytes, 99_900_000d * i)).With(d => d with { OwnerPid = 100_000 + i, OwnerExe = "/opt/a-program-with-a-long-name", Owners = 3 });
            return i % 9 == 0 ? view.With(Some.Episode(view, "HighMemory", EpisodeState.Firing), Some.Episode(view, "OwnerCrashed", EpisodeState.Pending)) : view;
        });
        var lines = Screen.Table(Screen.Of(Some.Fleet([.. views])), width, 24);
        Assert.All(lines, line => Assert.InRange(SafeText.Width(line), 0, width));
        Assert.InRange(lines.Count, 20, 23);
        Assert.Contains(lines, line => line.StartsWith("… and ", StringComparison.Ordinal) && line.Contains("more", StringComparison.Ordinal));
        Assert.Contains("Ctrl-C stops the node.", lines);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(24)]
    public void A_picture_never_fills_the_terminal_so_that_it_scrolls(int height)
    {
        var fleet = Some.Fleet([.. Enumerable.Range(0, 30).Select(i => Some.View($"db{i:00}"))]);
        var lines = Screen.Table(Screen.Of(fleet, Screen.Report(30, [new BlindSpot(1, "x", 1, "y")], ["a warning"]), "the disk is full", "a note", "another note"), 60, height);
        Assert.InRange(lines.Count, 1, height - 1);
        Assert.StartsWith("DuckMesh", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_stand_first_and_what_is_gone_stands_last()
    {
        var (calm, may, fires) = (Some.View("a-calm"), Some.View("c-may"), Some.View("d-fires"));
        var lost = Some.View("b-lost").With(d => d with { State = DatabaseState.Lost });
        var down = Some.View("e-down").With(d => d with { State = DatabaseState.Down });
        var fleet = Some.Fleet(calm, lost, may.With(Some.Episode(may, "HighCpu", EpisodeState.Pending)), fires.With(Some.Episode(fires, "HighCpu", EpisodeState.Firing)), down);
        Assert.Equal(["d-fires", "c-may", "e-down", "a-calm", "b-lost"], FleetTable.WorstFirst(fleet.Databases).Select(v => v.Database.Name));
    }

    [Fact]
    public void Where_not_all_alerts_fit_the_worst_is_named_and_the_others_are_counted()
    {
        var view = Orders.With(Some.Episode(Orders, "DiskFull", EpisodeState.Pending), Some.Episode(Orders, "HighMemory", EpisodeState.Firing), Some.Episode(Orders, "HighCpu", EpisodeState.Firing, severity: Severity.Critical));
        Assert.Equal("HighCpu, HighMemory, DiskFull (pending)", Words.Alerts(view, 80));
        Assert.Equal("HighCpu, HighMemory +1", Words.Alerts(view, 30));
        Assert.Equal("HighCpu +2", Words.Alerts(view, 12));
    }

    [Fact]
    public void A_name_that_would_command_the_terminal_is_written_out()
    {
        var text = string.Join('\n', Screen.Table(Screen.Of(Some.Fleet(Some.View("evil\u001b[2J").With(d => d with { OwnerPid = 7, OwnerExe = "/x/\u001b]0;gotcha\u0007" })), notes: "note\u001b[31m", journalError: "disk\u001b[5m"), 200, 24));
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u0007', text);
        Assert.Contains("evil\\u{1b}[2J", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Trouble_of_the_node_itself_is_said_below_the_table()
    {
        var text = string.Join('\n', Screen.Table(Screen.Of(Some.Fleet(Orders), Screen.Report(1, [new BlindSpot(9, "postgres", 3, "no permission")], ["/srv/slow did not answer"]), "disk full", "Demo: hello"), 120, 24));
        Assert.Contains("Journal: disk full", text, StringComparison.Ordinal);
        Assert.Contains("1 process may not be looked into: http://127.0.0.1:9642/api/v1/cluster", text, StringComparison.Ordinal);
        Assert.Contains("/srv/slow did not answer", text, StringComparison.Ordinal);
        Assert.Contains("Demo: hello", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_found_is_said_only_after_discovery_has_looked_and_not_while_a_demo_starts()
    {
        var nothing = Some.Fleet();
        Assert.Contains("Looking for databases…", Screen.Table(Screen.Of(nothing) with { Discovery = null }, 80, 24));
        Assert.Contains("No DuckDB database found.", Screen.Table(Screen.Of(nothing, Screen.Report()), 80, 24));
        Assert.Contains("Looking for databases…", Screen.Table(Screen.Of(nothing, Screen.Report()), 80, 24, Screen.Place with { Demo = true }));
        Assert.Contains(Screen.Table(Screen.Of(null), 80, 24), line => line.StartsWith("The exporter of this node does not answer", StringComparison.Ordinal));
    }
}

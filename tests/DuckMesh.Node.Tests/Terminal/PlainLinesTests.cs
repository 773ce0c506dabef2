using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Node.Terminal;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class PlainLinesTests
{
    private static readonly DatabaseDescription Orders = new(new DatabaseId("h1", null, "/srv/orders.duckdb"), "orders", DatabaseState.Up, false, null) { OwnerPid = 7, OwnerExe = "/usr/bin/shop", Owners = 1 };

    [Fact]
    public void A_database_is_found_changes_hands_and_is_forgotten()
    {
        var found = Screen.Of(Some.Fleet(Some.View(Orders, (MetricCatalog.FileSizeBytes, 12_288))));
        var left = Screen.Of(Some.Fleet(Some.View(Orders with { State = DatabaseState.Unowned, OwnerPid = null })));
        Assert.Equal(["found orders: /srv/orders.duckdb, up, owner 7 shop, 12.3 KB"], PlainLines.Changes(null, found, Screen.Place));
        Assert.Empty(PlainLines.Changes(found, found, Screen.Place));
        Assert.Equal(["orders: up -> unowned"], PlainLines.Changes(found, left, Screen.Place));
        Assert.Equal(["forgotten orders"], PlainLines.Changes(left, Screen.Of(Some.Fleet()), Screen.Place));
    }

    [Fact]
    public void An_expected_database_that_was_never_there_is_missing_and_has_no_size()
    {
        var down = Orders with { State = DatabaseState.Down, OwnerPid = null, Reason = "there is no file" };
        Assert.Equal(["missing orders: /srv/orders.duckdb, down: there is no file"], PlainLines.Changes(null, Screen.Of(Some.Fleet(Some.View(down))), Screen.Place));
    }

    [Fact]
    public void An_alert_is_a_line_a_change()
    {
        var view = Some.View(Orders);
        var (calm, fires) = (Screen.Of(Some.Fleet(view)), Screen.Of(Some.Fleet(view.With(Some.Episode(view, "HighCpu", EpisodeState.Firing)))));
        Assert.Equal(["alert firing: HighCpu (high) orders: 97 % is over 90 %"], PlainLines.Changes(calm, fires, Screen.Place));
        Assert.Empty(PlainLines.Changes(fires, fires, Screen.Place));
    }

    [Fact]
    public void Notes_warnings_and_the_journal_are_said_once()
    {
        var fleet = Some.Fleet(Some.View(Orders));
        var (fine, bad) = (Screen.Of(fleet), Screen.Of(fleet, Screen.Report(1, warnings: ["/srv/slow did not answer"]), "disk full", "a note"));
        Assert.Equal(["a note", "/srv/slow did not answer", "journal down: disk full"], PlainLines.Changes(fine, bad, Screen.Place));
        Assert.Empty(PlainLines.Changes(bad, bad, Screen.Place));
        Assert.Equal(["journal works again"], PlainLines.Changes(bad, fine, Screen.Place));
    }

    [Fact]
    public void A_whole_fleet_at_once_is_the_first_hundred_and_where_the_rest_is()
    {
        var lines = PlainLines.Changes(null, Screen.Of(Some.Fleet([.. Enumerable.Range(0, 1000).Select(i => Some.View($"db{i}"))])), Screen.Place).ToList();
        Assert.Equal(PlainLines.MostAtOnce + 1, lines.Count);
        Assert.Equal("… and 900 more changes: http://127.0.0.1:9642/api/v1/databases", lines[^1]);
    }

    [Fact]
    public void No_name_path_or_reason_brings_a_control_character_along()
    {
        var evil = Orders with { Name = "a\u001b[2Jb", OwnerExe = "/x/\u0007", Reason = "r\u001b[31m\nfake line" };
        var view = Some.View(evil);
        var lines = PlainLines.Changes(null, Screen.Of(Some.Fleet(view.With(Some.Episode(view, "HighCpu\u001b", EpisodeState.Firing))), journalError: "e\u001b", notes: "n\u001b"), Screen.Place);
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
    }
}

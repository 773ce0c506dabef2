using DuckMesh.Node.Terminal;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class NothingFoundTests
{
    [Fact]
    public void It_says_where_it_looked_and_what_to_do()
    {
        Assert.Equal(
            [
                "No DuckDB database found.",
                "Looked at 7 file locks of this host's processes.",
                "No files are configured to be watched.",
                "What to do:",
                "  start a program that opens a DuckDB database: it is found within seconds;",
                "  or name files: DUCKMESH_WATCH='/srv/*.duckdb';",
                "  or see it work with sample databases: the verb demo.",
            ],
            NothingFound.Lines(Screen.Report(), Screen.Place));
    }

    [Fact]
    public void What_was_watched_left_out_or_forbidden_is_named()
    {
        var place = Screen.Place with { Settings = Screen.Place.Settings with { Watch = ["/srv/*.duckdb"], Exclude = ["/tmp/**"], Discover = false } };
        var blind = Enumerable.Range(1, 5).Select(i => new BlindSpot(i, "sh\u001b[31m", 1, "permission denied: run as root")).ToArray();
        var lines = NothingFound.Lines(Screen.Report(blind: [.. blind], warnings: ["/srv is slow"]), place).ToList();
        Assert.Contains("Did not look at what processes of this host hold: discover is off.", lines);
        Assert.Contains("Looked for /srv/*.duckdb: no DuckDB file there.", lines);
        Assert.Contains("Left out what exclude names: /tmp/**.", lines);
        Assert.Contains("  1 sh\\u{1b}[31m: permission denied: run as root", lines);
        Assert.Contains("  … and 2 more: http://127.0.0.1:9642/api/v1/cluster", lines);
        Assert.Contains("/srv is slow", lines);
        Assert.Contains("  turn discover on: DUCKMESH_DISCOVER=on;", lines);
    }
}

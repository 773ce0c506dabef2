using System.Diagnostics;
using DuckDB.NET.Data;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Discovery;

/// <summary>Files that nobody holds, found by globs.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_glob_finds_databases_in_folders_below()
    {
        Database("a.duckdb");
        Database("sub/deep/b.db");
        File.WriteAllText(Path("sub/text.db"), "no database at all, whatever its name says");
        using var discoverer = Start("**/*.d*b");
        Assert.Equal([Path("a.duckdb"), Path("sub/deep/b.db")], Appeared(discoverer, 2).Select(s => s.Id.Path).Order());
        Assert.Null(discoverer.Find(Id("sub/text.db")));
    }

    [Fact]
    public void A_path_without_wildcard_is_expected_also_while_there_is_no_file()
    {
        using var discoverer = Start("later.duckdb");
        var sighting = Assert.Single(Appeared(discoverer, 1));
        Assert.Equal(Id("later.duckdb"), sighting.Id);
        Assert.True(sighting.Configured);
    }

    [Fact]
    public void What_is_named_like_a_database_and_is_none_is_reported_so_that_its_probe_can_say_what_it_is()
    {
        File.WriteAllText(Path("bad.duckdb"), "not a database");
        using (var fifo = Process.Start("mkfifo", Path("pipe.duckdb"))!) fifo.WaitForExit();
        using var discoverer = Start("*.duckdb");
        Assert.Equal(["bad", "pipe"], Appeared(discoverer, 2).Select(s => s.Name).Order());
    }

    [Fact]
    public void Links_to_a_file_that_is_known_are_no_further_databases()
    {
        Database("a.duckdb");
        File.CreateSymbolicLink(Path("soft.duckdb"), Path("a.duckdb"));
        using (var link = Process.Start("ln", [Path("a.duckdb"), Path("hard.duckdb")])) link.WaitForExit();
        using var discoverer = Start("*.duckdb");
        Assert.Single(Appeared(discoverer, 1));
        Assert.Equal(1, discoverer.Pass(default).Present);
    }

    [Fact]
    public void Folders_that_link_to_one_another_end_a_walk_and_excluded_ones_are_not_entered()
    {
        Database("a/x.duckdb");
        Database("no/y.duckdb");
        Directory.CreateSymbolicLink(Path("a/loop"), _folder);
        using var discoverer = new Discoverer(new DiscoveryOptions("h1") { Locks = false, Watch = [Path("**/*.duckdb")], Exclude = [Path("no")] }, new OwnDatabases(), TimeProvider.System);
        Assert.Equal(Id("a/x.duckdb"), Assert.Single(Appeared(discoverer, 1)).Id);
    }

    [Fact]
    public void A_large_folder_does_not_hold_up_a_pass()
    {
        for (var i = 0; i < 20_000; i++) File.Create(Path($"f{i}.txt")).Dispose();
        Database("z.duckdb");
        using var discoverer = Start("*.duckdb");
        var started = Stopwatch.GetTimestamp();
        discoverer.Pass(default);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
        Assert.Single(Appeared(discoverer, 1));
    }

    private Discoverer Start(string glob) => new(new DiscoveryOptions("h1") { Locks = false, Watch = [Path(glob)] }, new OwnDatabases(), TimeProvider.System);

    private static List<Sighting> Appeared(Discoverer discoverer, int count)
    {
        var appeared = new List<Sighting>();
        var started = Stopwatch.GetTimestamp();
        while (appeared.Count < count)
        {
            appeared.AddRange(discoverer.Pass(default).Appeared);
            Assert.True(Stopwatch.GetElapsedTime(started) < Deadline, $"{appeared.Count} of {count} appeared: {string.Join(", ", appeared.Select(a => a.Id))}");
            Thread.Yield();
        }

        return appeared;
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private DatabaseId Id(string name) => new("h1", null, Path(name));

    private void Database(string name)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        using var connection = new DuckDBConnection($"Data Source={Path(name)}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE t (i INT)";
        command.ExecuteNonQuery();
    }
}

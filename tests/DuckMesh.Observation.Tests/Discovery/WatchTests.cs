using System.Diagnostics;
using DuckDB.NET.Data;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Tests.Files;

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
        for (var i = 0; i < 10_000; i++) File.Create(Path($"f{i}.txt")).Dispose();
        Database("z.duckdb");
        using var discoverer = Start("*.duckdb");
        var started = Stopwatch.GetTimestamp();
        discoverer.Pass(default);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
        Assert.Single(Appeared(discoverer, 1));
    }

    [Fact]
    public void Of_thousands_of_files_that_are_only_named_like_databases_some_are_told_of_and_the_real_ones_all()
    {
        for (var i = 0; i < WatchedFiles.MaxOddities + 500; i++) File.Create(Path($"f{i}.duckdb")).Dispose();
        Database("z.duckdb");
        using var discoverer = Start("*.duckdb");
        Until(discoverer, report => report.Warnings.Any(w => w.Contains("only named like one", StringComparison.Ordinal)));
        Assert.NotNull(discoverer.Find(Id("z.duckdb")));
        Assert.InRange(discoverer.Pass(default).Present, 1, WatchedFiles.MaxOddities + 1);
    }

    [Fact]
    public void Folders_that_may_not_be_read_are_said_and_do_not_fill_the_memory()
    {
        for (var i = 0; i < 30; i++)
        {
            // A circle of links is an error for root too.
            Directory.CreateDirectory(Path($"d{i}"));
            File.CreateSymbolicLink(Path($"d{i}/x"), Path($"d{i}/x"));
        }

        Database("z.duckdb");
        using var discoverer = Start("**/x/*.duckdb");
        using var other = Start("*.duckdb");
        var report = Until(discoverer, r => r.Warnings.Length > 0);
        Assert.Equal(11, report.Warnings.Length);
        Assert.Contains("can't be read", report.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("20 more folders can't be read", report.Warnings[^1], StringComparison.Ordinal);
        Assert.Single(Appeared(other, 1));
    }

    [Fact]
    public void A_tree_deeper_than_anybody_s_is_walked_to_a_bound_and_ends_no_stack()
    {
        var deep = string.Concat(Enumerable.Repeat("d/", 300));
        Database("d/d/d/z.duckdb");
        Directory.CreateDirectory(Path(deep));
        File.WriteAllText(Path(deep + "too-deep.duckdb"), "");
        using var discoverer = Start("**/*.duckdb");
        Assert.Equal(Id("d/d/d/z.duckdb"), Assert.Single(Appeared(discoverer, 1)).Id);
        Assert.Contains("deeper than", Until(discoverer, r => r.Warnings.Length > 0).Warnings[0], StringComparison.Ordinal);
        Assert.Equal(1, discoverer.Pass(default).Present);
    }

    [Fact]
    public void The_kernels_own_file_systems_are_not_walked()
    {
        using var discoverer = new Discoverer(new DiscoveryOptions("h1") { Locks = false, Watch = ["/proc/**/maps", "/{proc,sys}/*/*.duckdb", Path("*.duckdb")] }, new OwnDatabases(), TimeProvider.System);
        Database("z.duckdb");
        Assert.Equal(Id("z.duckdb"), Assert.Single(Appeared(discoverer, 1)).Id);
    }

    [Fact]
    public void A_hundred_paths_of_one_mount_are_watched_by_one_thread()
    {
        var paths = Enumerable.Range(0, 100).Select(i => Path($"f{i}.duckdb")).ToArray();
        Database("f7.duckdb");
        using var discoverer = new Discoverer(new DiscoveryOptions("h1") { Locks = false, Watch = [.. paths] }, new OwnDatabases(), TimeProvider.System);
        var appeared = Appeared(discoverer, 100);

        // Threads of other tests may still be ending.
        var threads = Directory.GetDirectories("/proc/self/task").Count(task => File.Exists(task + "/comm") && File.ReadAllText(task + "/comm").StartsWith("watch ", StringComparison.Ordinal));
        Assert.InRange(threads, 1, 20);
        Assert.Equal(paths.Order(), appeared.Select(s => s.Id.Path).Order());
        Assert.All(appeared, s => Assert.True(s.Configured));
    }

    [Fact]
    public void A_path_on_a_mount_that_hangs_is_expected_all_the_same_and_the_others_are_found()
    {
        Directory.CreateDirectory(Path("hung"));
        using var hung = new HungMount(Path("hung"));
        Database("z.duckdb");
        using var discoverer = new Discoverer(
            new DiscoveryOptions("h1") { Locks = false, Watch = [$"{hung.Path}/a.duckdb", $"{hung.Path}/**/b.duckdb", Path("z.duckdb"), Path("*.duckdb")] }, new OwnDatabases(), TimeProvider.System);
        var inHung = new DatabaseId("h1", null, $"{hung.Path}/a.duckdb");
        Until(discoverer, _ => discoverer.Find(inHung) is not null && discoverer.Find(Id("z.duckdb")) is not null);
        var sighting = discoverer.Find(inHung)!;
        Assert.Equal((true, "fuse"), (sighting.Configured, sighting.FileSystem));
        Assert.NotEqual(discoverer.Find(Id("z.duckdb"))!.Device, sighting.Device);
        var report = Until(discoverer, r => r.Warnings.Length == 2);
        Assert.All(report.Warnings, w => Assert.Contains("does not answer", w, StringComparison.Ordinal));
    }

    private static DiscoveryReport Until(Discoverer discoverer, Func<DiscoveryReport, bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var report = discoverer.Pass(default);
            if (holds(report)) return report;
            Assert.True(Stopwatch.GetElapsedTime(started) < Deadline, $"not in time; the last pass: {report} {string.Join(", ", report.Warnings)}");
            Thread.Yield();
        }
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

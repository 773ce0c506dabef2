using DuckMesh.Node.Demo;

namespace DuckMesh.Node.Tests.Demo;

public sealed class DemoScratchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    private string Parent => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_demo_that_ends_leaves_no_file_and_no_folder_that_it_made()
    {
        DemoScratch.Create(Parent).Dispose();
        Assert.False(Directory.Exists(Parent));
    }

    [Fact]
    public void A_folder_that_was_there_before_stays_with_all_that_is_in_it()
    {
        Directory.CreateDirectory(Path.Combine(Parent, "demo-mine"));
        DemoScratch.Create(Parent).Dispose();
        Assert.Equal([Path.Combine(Parent, "demo-mine")], Directory.EnumerateFileSystemEntries(Parent));
    }

    [Fact]
    public void What_a_killed_demo_left_the_next_one_removes_and_a_running_one_it_leaves_alone()
    {
        using var running = DemoScratch.Create(Parent);
        var killed = Directory.CreateDirectory(Path.Combine(Parent, "demo-killed")).FullName;
        File.WriteAllText(Path.Combine(killed, "lock"), "0");
        using var next = DemoScratch.Create(Parent);
        Assert.Equal(new[] { running.Folder, next.Folder }.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Parent).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_last_owner_of_a_killed_demo_removes_its_folder()
    {
        var killed = Abandoned();
        var (first, last) = (new LastOneOut(killed), new LastOneOut(killed));
        first.Dispose();
        Assert.True(Directory.Exists(killed));
        last.Dispose();
        last.Dispose();
        Assert.False(Directory.Exists(Parent));
    }

    [Fact]
    public void The_last_owner_of_a_running_demo_removes_nothing()
    {
        using var running = DemoScratch.Create(Parent);
        new LastOneOut(running.Folder).Dispose();
        Assert.True(Directory.Exists(running.Databases));
    }

    [Fact]
    public void An_owner_in_a_folder_that_is_no_demos_removes_nothing()
    {
        Directory.CreateDirectory(Parent);
        new LastOneOut(Parent).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Parent));
    }

    /// <summary>A demo's folder as the kernel leaves it: the locks are free, and all else is there.</summary>
    private string Abandoned()
    {
        var folder = Path.Combine(Parent, "demo-killed");
        Directory.CreateDirectory(Path.Combine(folder, "databases"));
        File.WriteAllText(Path.Combine(folder, "lock"), "1");
        File.WriteAllText(Path.Combine(folder, "owners"), "");
        File.WriteAllText(Path.Combine(folder, "databases", "orders.duckdb"), "x");
        return folder;
    }
}

using DuckMesh.Acceptance.Harness;

namespace DuckMesh.Acceptance.Owners;

/// <summary>The programs that the other tests rely on tell the truth, in Node and in .NET alike.</summary>
public sealed class OwnerProcessTests
{
    [Theory, InlineData("node"), InlineData("dotnet")]
    public async Task An_owner_holds_the_lock_and_counts_what_it_does(string kind)
    {
        using var folder = new TestFolder();
        await using var owner = await Start(kind, folder["app.duckdb"]);

        await owner.Do("commits", ("n", 10));
        var before = await owner.Do("size");
        await owner.Do("checkpoint");
        await owner.Do("bulk", ("rows", 100_000));
        await owner.Do("checkpoint");
        await owner.Do("delete", ("every", 2));
        var after = await owner.Do("size");

        Assert.Equal(11, (long)before["commits"]!);   // the table, then ten rows
        Assert.Equal(1, (long)after["commits"]!);
        Assert.Equal(2, (long)after["checkpoints"]!);
        Assert.Equal(262144, (long)after["blockSize"]!);
        Assert.True((long)after["usedBlocks"]! > 0);
        Assert.True(await FileLocks.IsHeld(owner.Database, owner.Pid));
        Assert.Contains($"PID {owner.Pid}", await OwnerProcess.FailingStart(owner.Database), StringComparison.Ordinal);
        Assert.Equal(0, await owner.End());
        Assert.Equal("", owner.Log);
    }

    [Theory, InlineData("node"), InlineData("dotnet")]
    public async Task A_closed_file_is_free_and_can_be_opened_again(string kind)
    {
        using var folder = new TestFolder();
        await using var owner = await Start(kind, folder["app.duckdb"]);
        await owner.Do("commits", ("n", 3));

        await owner.Do("close");

        Assert.False(await FileLocks.IsHeld(owner.Database, owner.Pid));
        Assert.False(File.Exists(owner.Database + ".wal"));
        await owner.Do("open");
        Assert.True(await FileLocks.IsHeld(owner.Database, owner.Pid));
    }

    [Theory, InlineData("node"), InlineData("dotnet")]
    public async Task A_killed_owner_leaves_its_commits_in_the_log(string kind)
    {
        using var folder = new TestFolder();
        await using var owner = await Start(kind, folder["app.duckdb"]);
        await owner.Do("commits", ("n", 3));

        await owner.Kill();

        Assert.True(new FileInfo(owner.Database + ".wal").Length > 0);
        await using var next = await Start(kind, owner.Database);
        Assert.True(await FileLocks.IsHeld(next.Database, next.Pid));
    }

    [Theory, InlineData("node"), InlineData("dotnet")]
    public async Task A_refused_command_is_in_the_owners_log(string kind)
    {
        using var folder = new TestFolder();
        await using var owner = await Start(kind, folder["app.duckdb"]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => owner.Do("nonsense"));

        await Eventually.Holds("stderr names the command", TimeSpan.FromSeconds(5), () => owner.Log.Contains("nonsense", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_files_in_one_process_are_each_locked()
    {
        using var folder = new TestFolder();
        await using var owner = await OwnerProcess.StartMany(folder.Path, 20);

        await owner.Do("commits", ("n", 20));

        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.duckdb"))
            Assert.True(await FileLocks.IsHeld(file, owner.Pid), file);
    }

    private static Task<OwnerProcess> Start(string kind, string database) => kind == "node" ? OwnerProcess.StartNode(database) : OwnerProcess.StartDotnet(database);
}

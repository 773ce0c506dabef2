using System.Diagnostics;
using System.Globalization;
using DuckMesh.History.Blocks;
using DuckMesh.History.Tests.Conformance;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>A ClickHouse on a small file system of its own. Needs root.</summary>
[Collection(SharedEngine.Name)]
public sealed class ClickHouseDiskFullTests : IAsyncLifetime
{
    private const int DiskMegaBytes = 64;

    private static readonly TimeSpan MountDeadline = TimeSpan.FromSeconds(20);

    private readonly string _disk = Directory.CreateTempSubdirectory("duckmesh-clickhouse-").FullName;
    private ClickHouseEngine _engine = null!;

    private string Filler => Path.Combine(_disk, "filler");

    public async Task InitializeAsync()
    {
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={DiskMegaBytes}m", "tmpfs", _disk);
        _engine = await ClickHouseEngine.StartAsync(Path.Combine(_disk, "data"));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await RunAsync("umount", _disk);
        Directory.Delete(_disk);
    }

    /// <param name="free">What is left for a block in four partitions: nothing, enough for files to begin, enough for some of the partitions.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    [InlineData(3_000_000)]
    public async Task A_disk_that_is_full_loses_no_block_and_stores_it_once_when_there_is_room_again(int free)
    {
        await using var store = ClickHousePlace.Open(_engine.AddressOf("history"));
        await store.MigrateAsync(CancellationToken.None);
        await store.StoreAsync(Some.Block("n-0", Some.Sample(0, 1)), CancellationToken.None);
        var random = new Random(free);
        var block = new HistoryBlock(
            "n-1",
            [.. Enumerable.Range(0, 400_000).Select(i => Some.Sample((i % 4 * 86_400) - 172_800 + (i / 40), random.NextDouble(), Some.Key(database: $"d{i % 40}")))],
            [Some.Event("e", 0)]);
        Fill(free);

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<HistoryException>(() => store.StoreAsync(block, CancellationToken.None));
            Assert.Equal((HistoryFault.Unavailable, error.Message), (error.Fault, error.Message));
        }

        File.Delete(Filler);
        await store.StoreAsync(block, CancellationToken.None);
        await store.StoreAsync(block, CancellationToken.None);
        var rows = (block.Samples.Count + 1).ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"{rows}\t{rows}\t1", await _engine.SqlAsync("SELECT (SELECT count() FROM samples), (SELECT sum(n) FROM samples_1h), (SELECT count() FROM events FINAL)", "history"));
    }

    private void Fill(int free)
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var bytes = new byte[1 << 16];
        for (var room = new DriveInfo(_disk).AvailableFreeSpace - free; room > 0; room -= bytes.Length) file.Write(bytes.AsSpan(0, (int)Math.Min(room, bytes.Length)));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(MountDeadline);
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed (this test needs root): {errors}");
    }
}

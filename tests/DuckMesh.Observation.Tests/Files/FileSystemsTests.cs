using System.Diagnostics;
using System.Globalization;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Files;

public sealed class FileSystemsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FileSystems _systems;

    public FileSystemsTests() => _systems = new FileSystems(_time);

    public void Dispose() => _folder.Dispose();

    private static ulong Device(string path) => FileStatus.Of(ProbePath.Create(path)!.With([]), true, out _).Identity.Device;

    [Fact]
    public void A_disk_is_as_full_as_df_says()
    {
        // df itself would ask every mount, also those that other tests let hang.
        using var stat = Process.Start(new ProcessStartInfo("stat", ["--file-system", "--format=%S %b %f %a", _folder.Path]) { RedirectStandardOutput = true })!;
        var fields = stat.StandardOutput.ReadToEnd().Trim().Split(' ').Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        var (block, blocks, free, available) = (fields[0], fields[1], fields[2], fields[3]);
        var disk = _systems.Read(_folder.Path, Device(_folder.Path))!;
        Assert.Equal(blocks * block, disk.TotalBytes);

        // Others write to the disk meanwhile.
        Assert.InRange(disk.FreeBytes, (available * block) - (1L << 30), (available * block) + (1L << 30));
        Assert.Equal((double)(blocks - free) / (blocks - free + available), disk.UsedRatio, tolerance: 0.02);
        Assert.NotEqual("unknown", disk.Type);
        Assert.Equal(MountTable.IsNetwork(disk.Type), disk.Network);
    }

    [Fact]
    public void A_disk_is_asked_once_however_many_databases_it_holds()
    {
        var device = Device(_folder.Path);
        var first = _systems.Read(_folder.Path, device);
        Assert.NotNull(first);

        // The path is not even looked at while the answer is fresh; afterwards it is.
        Assert.Same(first, _systems.Read(_folder["none"], device));
        _time.Advance(FileSystems.Freshness);
        Assert.Null(_systems.Read(_folder["none"], device));
        _time.Advance(FileSystems.Freshness);
        Assert.NotNull(_systems.Read(_folder.Path, device));
    }

    [Fact]
    public void The_type_of_a_file_reached_through_a_process_is_not_that_of_proc()
    {
        var disk = _systems.Read($"/proc/self/root{_folder.Path}", Device(_folder.Path))!;
        Assert.Equal(_systems.Mounts().FindByDevice(Device(_folder.Path))!.Type, disk.Type);
        Assert.Equal("unknown", new FileSystems(_time).Read($"/proc/{Environment.ProcessId}/root{_folder.Path}", 1UL << 60)!.Type);
    }

    [Fact]
    public void A_file_system_that_can_not_be_asked_is_unknown() => Assert.Null(_systems.Read(_folder["none"], 12345));

    [Fact]
    public void Devices_that_nobody_asks_for_any_more_do_not_pile_up()
    {
        for (ulong device = 0; device < 1000; device++)
        {
            _systems.Read("/proc", device);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_systems.Kept, 1, 257);
    }
}

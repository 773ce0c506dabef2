using DuckMesh.Node.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Node.Tests.Hosting;

public sealed class LogFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    private string Current => Path.Combine(_folder, LogFile.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_entry_is_one_line_with_its_time_and_only_warnings_and_worse_are_kept()
    {
        using var file = new LogFile(_folder, new FakeTimeProvider(Some.Noon));
        var log = file.CreateLogger("Edge");
        log.LogInformation("not this");
        log.LogWarning("first\nsecond");

        Assert.Equal("2026-11-24T12:00:00.000Z warning Edge: first | second\n", File.ReadAllText(Current));
    }

    [Fact]
    public void A_full_file_becomes_the_old_one()
    {
        using var file = new LogFile(_folder, TimeProvider.System);
        File.WriteAllBytes(Current, new byte[LogFile.MaxBytes + 1]);
        file.CreateLogger("Edge").LogWarning("new");

        Assert.Contains("new", File.ReadAllText(Current), StringComparison.Ordinal);
        Assert.True(new FileInfo(Current + ".1").Length > LogFile.MaxBytes);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_stops_nobody()
    {
        using var file = new LogFile("/proc/duckmesh", TimeProvider.System);
        file.CreateLogger("Edge").LogError("lost");
    }
}

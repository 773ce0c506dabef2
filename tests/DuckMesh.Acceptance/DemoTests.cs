using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;

namespace DuckMesh.Acceptance;

/// <summary>The demo shows something soon, and leaves nothing behind.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan FiresWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    private static readonly string[] Samples = ["orders", "archive", "events", "reports", "flaky"];

    [Fact]
    public async Task Something_fires_within_a_minute_and_its_end_leaves_nothing_behind()
    {
        using var folder = new TestFolder();
        var data = folder.Folder("data");
        await using var demo = await NodeProcess.StartReady(data, ["demo"]);

        await Eventually.Sees("the samples are listed", FiresWithin - demo.Age, () => demo.Databases(data),
            items => Samples.All(sample => items.Keys.Any(path => Path.GetFileNameWithoutExtension(path) == sample)), items => string.Join(", ", items.Keys));
        await Eventually.Sees("an alert of a sample fires", FiresWithin - demo.Age, () => demo.Alerts(data),
            alerts => alerts.Any(alert => (string)alert["state"]! == "firing"), alerts => $"{alerts.Count} alerts");
        Assert.True(ProcessesOf(data).Count >= Samples.Length - 1, $"only {ProcessesOf(data).Count} sample owners run");

        demo.SigTerm();
        Assert.Equal(0, await demo.ExitCode(EndsWithin));

        Assert.Empty(ProcessesOf(data));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
    }

    [Fact]
    public async Task Kill_minus_nine_leaves_no_process_and_no_file()
    {
        using var folder = new TestFolder();
        var data = folder.Folder("data");
        await using var killed = NodeProcess.Start(data, ["demo"]);
        await Eventually.Holds("all sample owners run", FiresWithin, () => Samples.All(sample => ProcessesOf(data).Any(command => command.Contains($" {sample} ", StringComparison.Ordinal))));

        await killed.Kill();

        await Eventually.Sees("all of them ended", EndsWithin, () => Task.FromResult(ProcessesOf(data)), left => left.Count == 0, left => string.Join("; ", left));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
    }

    /// <summary>The command lines of the processes that were told to work in that folder.</summary>
    private static List<string> ProcessesOf(string folder) =>
        [.. Directory.EnumerateDirectories("/proc", "*").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0])).Select(CommandLine).Where(command => command.Contains(folder, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";   // ended meanwhile
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Tests.Conformance;

/// <summary>A process of its own that stores one block after the other and says so, until it is killed.</summary>
internal sealed class WriterProcess : IDisposable
{
    /// <summary>Where it would end if nobody killed it.</summary>
    public const int MostBlocks = 5_000;

    public const int SamplesABlock = 3_000;

    /// <summary>Starting a runtime on a busy machine, and storing some blocks.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    public WriterProcess(IStorePlace place, int first)
    {
        var arguments = new[] { typeof(WriterProcess).Assembly.Location, place.Kind, place.Address, first.ToString(CultureInfo.InvariantCulture) };
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>A block of number n is the same in every process. A third of its samples have another retention, and an event comes with it.</summary>
    public static HistoryBlock Block(int number) => new(
        $"node-{number}",
        [.. Enumerable.Range(0, SamplesABlock).Select(i => Some.Sample(number, i, Some.Key(database: $"d{i / 3}", labels: $"n=\"{i % 3}\"", days: i % 3 == 0 ? 90 : 30)))],
        [Some.Event($"e{number}", number)]);

    /// <summary>Waits until it has stored so many, kills it in the middle of the next, and says which it had acknowledged last.</summary>
    public async Task<int> KillAfterAsync(int blocks)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var last = -1;
        while (blocks > 0)
        {
            if (await _process.StandardOutput.ReadLineAsync(deadline.Token) is not { } line) throw new InvalidOperationException($"the writer ended: {await _process.StandardError.ReadToEndAsync(deadline.Token)}");
            last = int.Parse(line, CultureInfo.InvariantCulture);
            blocks--;
        }

        _process.Kill();   // SIGKILL
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { Length: > 0 } line) last = int.Parse(line, CultureInfo.InvariantCulture);
        await _process.WaitForExitAsync(deadline.Token);
        return last;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}

using System.Diagnostics;
using System.Globalization;
using DuckMesh.History.Spool;
using Xunit.Abstractions;

namespace DuckMesh.History.Tests.Spool;

/// <summary>kill -9 of a process that appends to a spool and delivers from it.</summary>
public sealed class KilledSpoolTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int LongestLifeMs = 300;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task After_each_of_twenty_kills_all_that_was_accepted_and_not_delivered_is_there_once_and_in_order()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new TestFolder();
        var next = 1;
        var delivered = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var (accepted, seenDelivered) = await RunAndKill(folder["spool"], next, random);
            accepted = Math.Max(accepted, next - 1);
            delivered = Math.Max(delivered, seenDelivered);

            using var spool = DiskSpool.Open(folder["spool"], new SpoolLimits(100_000_000, SpoolProcess.SegmentBytes));
            var state = spool.State;
            Assert.Equal((0, 0L, 0L), (state.DamagedSegments, state.Dropped, state.SetAside));
            var waiting = Peek(folder["spool"]);
            var last = LastOf(state.Stored + state.Rows);
            Assert.True(last >= accepted, $"seed {seed}, kill {kill}: {accepted} was accepted, the last that is there is {last}");
            Assert.True(last <= accepted + 1, $"seed {seed}, kill {kill}: {last} is there, which nobody appended after {accepted}");
            Assert.Equal(Enumerable.Range(last - waiting.Count + 1, waiting.Count), waiting);
            // Delivered and not said so, at most; and what was said to be delivered never comes again.
            Assert.InRange(last - waiting.Count, delivered, delivered + 1);
            delivered = last - waiting.Count;
            next = last + 1;
        }

        output.WriteLine($"{next - 1} blocks accepted, {delivered} delivered in {Kills} lives, seed {seed}");
        Assert.True(next > Kills * 5, "too few blocks for this test to say anything");
    }

    /// <summary>The number of the last of so many rows: each block's are known by its number.</summary>
    private static int LastOf(long rows)
    {
        var number = 0;
        while (rows > 0) rows -= Blocks.Of(++number).Rows;
        Assert.Equal(0, rows);
        return number;
    }

    /// <summary>What waits, read from a copy, so that the spool itself stays as the kill left it.</summary>
    private static List<int> Peek(string folder)
    {
        using var copy = new TestFolder();
        foreach (var file in Directory.GetFiles(folder)) File.Copy(file, copy[Path.GetFileName(file)]);
        using var spool = DiskSpool.Open(copy.Path, new SpoolLimits(100_000_000, SpoolProcess.SegmentBytes));
        var numbers = new List<int>();
        while (spool.Next() is { } entry)
        {
            numbers.Add(Blocks.NumberOf(entry.Block));
            Assert.True(Blocks.Same(Blocks.Of(numbers[^1]), entry.Block));
            spool.Delivered(entry);
        }

        return numbers;
    }

    private static async Task<(int Accepted, int Delivered)> RunAndKill(string folder, int first, Random random)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "spool", folder]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteLineAsync(first.ToString(CultureInfo.InvariantCulture));
            await process.StandardInput.FlushAsync();
            using var deadline = new CancellationTokenSource(Deadline);
            var (accepted, delivered) = (0, 0);
            Stopwatch? life = null;
            var lifeMs = random.Next(LongestLifeMs);
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                var number = int.Parse(line.AsSpan(2), CultureInfo.InvariantCulture);
                if (line[0] == 'a') accepted = number;
                else delivered = number;
                life ??= Stopwatch.StartNew();
                if (life.ElapsedMilliseconds >= lifeMs && !process.HasExited) process.Kill();
            }

            return (accepted, delivered);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }
    }
}

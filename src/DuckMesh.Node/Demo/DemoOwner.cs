using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckMesh.Node.Demo.Workloads;

namespace DuckMesh.Node.Demo;

/// <summary>What the hidden verb runs: one sample owner with its database, in a process of its own.</summary>
internal static class DemoOwner
{
    /// <summary>A statement under way may end first; longer than that nobody waits.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(1);

    /// <summary>Works until it is cancelled or stdin closes.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string kind, string folder, CancellationToken cancellation)
    {
        if (Sample.InThisExecutable.FirstOrDefault(sample => sample.Name == kind) is not { } sample)
        {
            await System.Console.Error.WriteLineAsync($"no sample '{kind}'; known: {string.Join(", ", Sample.InThisExecutable.Select(known => known.Name))}");
            return 2;
        }
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);   // not disposed: the watch holds it to the end of the process
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);   // Ctrl-C is for the demo
        using var place = new LastOneOut(Path.GetDirectoryName(Path.GetFullPath(folder)) ?? folder);
        new Thread(() => StopWhenParentEnds(stop, place)) { IsBackground = true, Name = "parent watch" }.Start();
        try
        {
            using var workload = Workload.Of(sample, folder);
            while (true)
            {
                workload.Step();
                await Task.Delay(workload.Pause, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (DuckDBException error)
        {
            await System.Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private static void StopWhenParentEnds(CancellationTokenSource stop, LastOneOut place)
    {
        using var input = System.Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }
        stop.Cancel();
        Thread.Sleep(StopDeadline);
        place.Dispose();
        Environment.Exit(0);
    }
}

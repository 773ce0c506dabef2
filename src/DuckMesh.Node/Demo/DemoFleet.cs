using System.ComponentModel;
using System.Reflection;
using DuckMesh.Cluster;
using DuckMesh.Node.Terminal;

namespace DuckMesh.Node.Demo;

/// <summary>Keeps the demo's sample owners running, each in a process of its own, and stops them with the node.</summary>
internal sealed class DemoFleet(DemoScratch scratch, MonitorSettings settings, Notes notes, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>The hidden verb of this executable that runs a sample.</summary>
    public const string OwnerVerb = "demo-owner";

    /// <summary>Exit code of the sample in Node when the machine can't run it.</summary>
    private const int CannotRun = 3;

    // The crash must be told within the first minute: alive, then gone for longer than the rule waits.
    private static readonly TimeSpan FlakyLives = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FlakyRests = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // At the first sign of the end, not when the node has ended: both take their time.
        var stopping = lifetime.ApplicationStopping;
        notes.Add(DemoSettings.Said(settings.Rules));
        notes.Add($"Demo: {string.Join(", ", Sample.InThisExecutable.Add(Sample.Sessions).Select(sample => $"{sample.Name} {sample.Does}"))}.");
        await Task.WhenAll(
            [
                .. Sample.InThisExecutable.Where(sample => sample != Sample.Flaky).Select(sample => Keep(sample, stopping)),
                CrashAgainAndAgain(stopping),
                KeepNodeSample(stopping),
            ]);
    }

    private async Task Keep(Sample sample, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var child = Start(sample);
            if (await EndsBefore(child, Timeout.InfiniteTimeSpan, stopping))
                notes.Add($"Demo: {sample.Name} ended with {child.ExitCode} and is started again: {child.LastError ?? "it did not say why"}");
            await Pause(RestartDelay, stopping);
        }
    }

    private async Task CrashAgainAndAgain(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var child = Start(Sample.Flaky);
            if (!await EndsBefore(child, FlakyLives, stopping) && !stopping.IsCancellationRequested)
                await child.Kill();
            await Pause(FlakyRests, stopping);
        }
    }

    private async Task KeepNodeSample(CancellationToken stopping)
    {
        Directory.CreateDirectory(scratch.NodeProgram);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Demo", "node")))
            File.Copy(file, Path.Combine(scratch.NodeProgram, Path.GetFileName(file)));
        while (!stopping.IsCancellationRequested)
        {
            ChildProcess child;
            try
            {
                child = ChildProcess.Start("node", [Path.Combine(scratch.NodeProgram, "sessions.mjs"), Sample.Sessions.DatabaseIn(scratch.Databases)]);
            }
            catch (Win32Exception)
            {
                notes.Add($"Demo: no {Sample.Sessions.Name}: there is no program node on the PATH; install nodejs and npm to see one.");
                return;
            }
            using (child)
            {
                if (await EndsBefore(child, Timeout.InfiniteTimeSpan, stopping) && child.ExitCode == CannotRun)
                {
                    notes.Add($"Demo: no {Sample.Sessions.Name}: {child.LastError}; see that npm reaches its registry, then start the demo again.");
                    return;
                }
            }
            await Pause(RestartDelay, stopping);
        }
    }

    private ChildProcess Start(Sample sample)
    {
        // Started as `dotnet DuckMesh.Node.dll`, the executable is dotnet and wants the assembly first.
        var executable = Environment.ProcessPath!;
        var assembly = Assembly.GetExecutingAssembly().Location;
        string[] verb = [OwnerVerb, sample.Name, scratch.Databases];
        return ChildProcess.Start(executable, Path.GetFileNameWithoutExtension(executable) == "dotnet" ? [assembly, .. verb] : verb);
    }

    /// <summary>Waits for its end; after the time is up returns false, and when the demo stops, stops it and returns false.</summary>
    private async Task<bool> EndsBefore(ChildProcess child, TimeSpan limit, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        try
        {
            await child.Ended(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            if (stopping.IsCancellationRequested)
                await child.Stop();
            return false;
        }
    }

    private async Task Pause(TimeSpan duration, CancellationToken stopping) =>
        await Task.Delay(duration, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

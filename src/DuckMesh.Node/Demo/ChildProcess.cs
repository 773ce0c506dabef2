using System.Diagnostics;

namespace DuckMesh.Node.Demo;

/// <summary>
/// A sample owner's process. It ends when its stdin closes, and the kernel closes that when this process ends, however it ends: so no sample outlives its
/// demo. (PR_SET_PDEATHSIG would not do: it is sent when the thread that started the child ends.)
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private volatile string? _lastError;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last line that it wrote to stderr.</summary>
    public string? LastError => _lastError;

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,    // and drained: the console belongs to the node
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_gcServer"] = "0";   // a heap for each core would look like a leak
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, _) => { };
        child._process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data))
                child._lastError = line.Data.Trim();
        };
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public Task Ended(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end; kills it when it does not.</summary>
    public async Task Stop()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public void Dispose() => _process.Dispose();
}

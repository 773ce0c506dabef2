using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace DuckMesh.Acceptance.Harness;

/// <summary>A process that a test started: what it says is kept, and it does not outlive the test.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();   // as long as what one test's program says

    private RunningProgram(ProcessStartInfo start) => _process = new Process { StartInfo = start };

    public int Id { get; private set; }

    public bool Ended => _process.HasExited;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    public static RunningProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        var running = new RunningProgram(start);
        running._process.OutputDataReceived += (_, line) => running.Said(line.Data);
        running._process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                running._errors.Enqueue(line.Data);
        };
        running._process.Start();
        running.Id = running._process.Id;
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> Run(TimeSpan deadline, string program, params string[] arguments)
    {
        await using var running = Start(program, arguments);
        running.CloseInput();
        var code = await running.ExitCode(deadline);
        return (code, running.Output, running.Errors);
    }

    /// <summary>The next line of its output.</summary>
    public async Task<string> Line(TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            return await _lines.Reader.ReadAsync(timeout.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"no line from {Describe()} within {deadline.TotalSeconds:0.#} s");
        }
    }

    public async Task Say(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void SigTerm() => _ = Signal(Id, Terminate);

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await ExitCode(KillDeadline);
    }

    public async Task<int> ExitCode(TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Describe()} has not ended within {deadline.TotalSeconds:0.#} s");
        }
    }

    public string Describe() =>
        $"'{Path.GetFileName(_process.StartInfo.FileName)} {string.Join(' ', _process.StartInfo.ArgumentList.Select(Path.GetFileName))}' (pid {Id})\nstdout: {Tail(_output)}\nstderr: {Tail(_errors)}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await ExitCode(KillDeadline);
        }
        _process.Dispose();
    }

    private void Said(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }
        _output.Enqueue(line);
        _lines.Writer.TryWrite(line);
    }

    private static string Tail(ConcurrentQueue<string> lines) => string.Join('\n', lines.TakeLast(30));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);
}

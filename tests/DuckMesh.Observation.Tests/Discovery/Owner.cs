using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DuckMesh.Observation.Tests.Discovery;

/// <summary>A child process that holds databases (tests/owners); it ends with the test, however that ends, because its input does.</summary>
internal sealed class Owner : IDisposable
{
    private readonly Process _process;

    private Owner(Process process, int pid)
    {
        _process = process;
        Pid = pid;
    }

    public static string Program =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../owners/dotnet/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0/DuckMesh.Owner.dll"));

    /// <summary>As the owner itself numbers it: differs from ours in a PID namespace of its own.</summary>
    public int Pid { get; }

    /// <summary>Of the process that was started.</summary>
    public int OuterPid => _process.Id;

    public static Owner Of(params string[] arguments) => Start("dotnet", [Program, .. arguments]);

    /// <summary>Starts a program that ends up as an owner, and waits until it holds its databases.</summary>
    public static Owner Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadLine();
        if (line is not null && JsonNode.Parse(line)!["ready"] is not null) return new Owner(process, (int)JsonNode.Parse(line)!["pid"]!);
        var error = process.StandardError.ReadToEnd();
        process.Dispose();
        throw new InvalidOperationException($"the owner did not start: {program} {string.Join(' ', arguments)}: {line} {error}");
    }

    public void Do(string command)
    {
        _process.StandardInput.WriteLine(command);
        var answer = JsonNode.Parse(_process.StandardOutput.ReadLine()!)!;
        Assert.True((bool)answer["ok"]!, answer.ToJsonString());
    }

    public void Close() => Do("""{"do":"close"}""");

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}

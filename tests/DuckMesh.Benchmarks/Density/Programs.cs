using System.Diagnostics;

namespace DuckMesh.Benchmarks.Density;

/// <summary>The repository's own programs, as they were built beside this one.</summary>
internal static class Programs
{
    /// <summary>Starts a program whose stdin and stdout are ours.</summary>
    public static Process Start(string project, string dll, string[] args, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Built(project, dll), .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return Process.Start(start)!;
    }

    public static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string Built(string project, string dll)
    {
        // <root>/tests/DuckMesh.Benchmarks/bin/<configuration>/<framework>/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var root = own.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, project, "bin", own.Parent.Name, own.Name, dll);
    }
}

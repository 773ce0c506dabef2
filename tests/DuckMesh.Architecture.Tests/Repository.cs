using System.Diagnostics;

namespace DuckMesh.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly TimeSpan GitDeadline = TimeSpan.FromSeconds(30);

    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files that git tracks, relative to the root, without those that are deleted but not committed yet.</summary>
    public static IReadOnlyList<string> TrackedFiles { get; } = [.. GitFiles().Where(file => File.Exists(Path.Combine(Root, file)))];

    /// <summary>C# files of the product, relative to the root.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        [.. TrackedFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))];

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DuckMesh.sln")))
                return folder;
        }
        throw new InvalidOperationException($"no DuckMesh.sln above {AppContext.BaseDirectory}: run these tests from their own build folder");
    }

    private static string[] GitFiles()
    {
        // Untracked files count too: they are about to be committed.
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEndAsync();
        if (!files.Wait(GitDeadline) || !git.WaitForExit(GitDeadline) || git.ExitCode != 0)
            throw new InvalidOperationException("git ls-files failed: these tests need git and a clone, not an archive");
        return files.Result.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}

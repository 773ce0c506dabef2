using DuckMesh.Acceptance.Harness;

namespace DuckMesh.Acceptance.Owners;

/// <summary>The Node owner's npm packages: ./test.sh has installed them; a bare `dotnet test` does it here.</summary>
internal static class NodeOwnerPackages
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task> Once = new(InstallIfMissing);

    public static Task Install() => Once.Value;

    private static async Task InstallIfMissing()
    {
        var folder = Repository.NodeOwnerFolder;
        if (Directory.Exists(Path.Combine(folder, "node_modules", "@duckdb", "node-api")))
            return;
        var (code, _, errors) = await RunningProgram.Run(Deadline, "npm", "--prefix", folder, "ci", "--no-audit", "--no-fund", "--loglevel=error");
        if (code != 0)
            throw new InvalidOperationException($"npm ci in {folder} failed: {errors}");
    }
}

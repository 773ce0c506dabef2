namespace DuckMesh.Acceptance.Harness;

/// <summary>Where the built programs and the files that ship with them are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The node as a user starts it, from its own build folder.</summary>
    public static string Node => Built("src/DuckMesh.Node", "DuckMesh.Node.dll");

    public static string DotnetOwner => Built("tests/owners/dotnet", "DuckMesh.Owner.dll");

    public static string NodeOwnerFolder => Path.Combine(Root, "tests/owners/node");

    public static string Prometheus => Path.Combine(Root, "docker/prometheus");

    private static string Built(string project, string file)
    {
        // .../bin/<configuration>/<framework>/
        var build = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var path = Path.Combine(Root, project, "bin", Path.GetFileName(Path.GetDirectoryName(build))!, Path.GetFileName(build), file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built: run 'dotnet build' on the solution", path);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DuckMesh.sln")))
                return folder;
        }
        throw new InvalidOperationException($"no DuckMesh.sln above {AppContext.BaseDirectory}: run these tests from their own build folder");
    }
}

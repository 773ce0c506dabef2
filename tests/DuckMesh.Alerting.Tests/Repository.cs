namespace DuckMesh.Alerting.Tests;

/// <summary>The files of the repository that this test was built from.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(Path(relative));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "DuckMesh.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No DuckMesh.sln above {AppContext.BaseDirectory}: run the tests from the repository.");
    }
}

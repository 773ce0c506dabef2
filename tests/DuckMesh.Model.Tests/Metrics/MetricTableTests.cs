namespace DuckMesh.Model.Tests.Metrics;

public sealed class MetricTableTests
{
    [Fact]
    public void The_document_is_what_the_catalog_says()
    {
        var path = Path.Combine(Root(), "docs", "metrics.md");
        if (Environment.GetEnvironmentVariable("DUCKMESH_WRITE_DOCS") == "1") File.WriteAllText(path, MetricTable.Text());
        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == MetricTable.Text(),
            "docs/metrics.md is stale. Renew it: DUCKMESH_WRITE_DOCS=1 dotnet test tests/DuckMesh.Model.Tests");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DuckMesh.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No DuckMesh.sln above {AppContext.BaseDirectory}: run the tests from the repository.");
    }
}

using System.Reflection;
using System.Xml.Linq;
using NetArchTest.Rules;

namespace DuckMesh.Architecture.Tests;

/// <summary>Model ← Observation, Alerting, History ← Cluster ← Node.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DuckMesh.Model"] = [],
        ["DuckMesh.Observation"] = ["DuckMesh.Model"],
        ["DuckMesh.Alerting"] = ["DuckMesh.Model"],
        ["DuckMesh.History"] = ["DuckMesh.Model"],
        ["DuckMesh.Cluster"] = ["DuckMesh.Model", "DuckMesh.Observation", "DuckMesh.Alerting", "DuckMesh.History"],
        ["DuckMesh.Node"] = ["DuckMesh.Model", "DuckMesh.Observation", "DuckMesh.Alerting", "DuckMesh.History", "DuckMesh.Cluster"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_of_src_has_its_place_in_the_order()
    {
        var projects = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order(StringComparer.Ordinal);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), projects);
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_file_references_only_projects_below(string project)
    {
        var file = Path.Combine(Repository.Root, "src", project, project + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory, MemberData(nameof(Projects))]
    public void An_assembly_references_only_assemblies_below(string project)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => name.StartsWith("DuckMesh.", StringComparison.Ordinal));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [InlineData("DuckMesh.Model")]
    [InlineData("DuckMesh.Observation")]
    [InlineData("DuckMesh.Alerting")]
    public void Below_the_cluster_nothing_but_the_base_library_is_referenced(string project)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(references, name => !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("DuckMesh.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DuckMesh.Cluster.Cells")]
    [InlineData("DuckMesh.Cluster.Supervision")]
    [InlineData("DuckMesh.Cluster.Sync")]
    public void What_decides_about_a_database_touches_no_file(string room)
    {
        var found = Types.InAssembly(Assembly.Load("DuckMesh.Cluster")).That().ResideInNamespace(room).ShouldNot()
            .HaveDependencyOnAny("System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "DuckMesh.Observation.Posix")
            .GetResult();

        Assert.True(found.IsSuccessful, $"only the edge touches files, but these do: {string.Join(", ", found.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void Only_the_edge_and_its_hosting_use_what_touches_the_host()
    {
        var found = Types.InAssembly(Assembly.Load("DuckMesh.Cluster")).That().DoNotResideInNamespace("DuckMesh.Cluster.Edge")
            .And().DoNotResideInNamespace("DuckMesh.Cluster.Hosting").ShouldNot()
            .HaveDependencyOnAny("DuckMesh.Observation.DatabaseProbe", "DuckMesh.Observation.Files.FileProbe", "DuckMesh.Observation.Processes.ProcessReader", "DuckMesh.Observation.Discovery.Discoverer")
            .GetResult();

        Assert.True(found.IsSuccessful, $"ask the edge by message; these do not: {string.Join(", ", found.FailingTypeNames ?? [])}");
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;

namespace DuckMesh.Architecture.Tests;

/// <summary>How a type may look.</summary>
public sealed class TypeTests
{
    /// <summary>Classes that are inherited from without being abstract, each with its reason.</summary>
    private static readonly Dictionary<string, string> Open = new(StringComparer.Ordinal)
    {
        ["DuckMesh.Node.Http.Items.DatabaseItem"] = "one database alone is an item of the list and more",
    };

    /// <summary>Static fields that are written after they are made, each with its reason.</summary>
    private static readonly Dictionary<string, string> Mutable = new(StringComparer.Ordinal)
    {
        ["DuckMesh.Model.Metrics.MetricCatalog._series"] = "numbers the rows while the type's own initialiser builds the table",
    };

    [Theory, MemberData(nameof(DependencyTests.Projects), MemberType = typeof(DependencyTests))]
    public void A_class_is_sealed_or_abstract(string project)
    {
        var open = Assembly.Load(project).GetTypes()
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && type.Name != "Program")
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.Contains('<', StringComparison.Ordinal))
            .Select(type => type.FullName!);

        Assert.Empty(open.Except(Open.Keys));
    }

    [Theory, MemberData(nameof(DependencyTests.Projects), MemberType = typeof(DependencyTests))]
    public void No_static_state_can_change(string project)
    {
        var mutable = from type in Assembly.Load(project).GetTypes()
                      where !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.Contains('<', StringComparison.Ordinal)
                      from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                      where !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal) && !field.IsDefined(typeof(CompilerGeneratedAttribute))
                      select $"{type.FullName}.{field.Name}";

        Assert.Empty(mutable.Except(Mutable.Keys));
    }
}

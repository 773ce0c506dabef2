using System.Text.RegularExpressions;

namespace DuckMesh.Architecture.Tests;

/// <summary>How a source file may look.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 300;

    private static readonly Exceptions LongFiles = new(new()
    {
        ["src/DuckMesh.Cluster/Cells/CellActor.cs"] = "the state machine of a cell, clearer whole",
    });

    private static readonly Exceptions WallClocks = new(new()
    {
        ["src/DuckMesh.Observation/Files/MainFile.cs"] = "microseconds between two looks at a header that is being written, on a probe's own thread",
        ["src/DuckMesh.Node/Demo/DemoOwner.cs"] = "a sample owner is a program in real time",
        ["src/DuckMesh.Node/Demo/DemoScratch.cs"] = "waits for killed sample owners, which end in real time, before it removes their folder",
    });

    [Fact]
    public void There_are_sources_to_look_at() => Assert.True(Repository.Sources.Count > 50);

    [Fact]
    public void A_file_is_short() => LongFiles.Check(
        from file in Repository.Sources
        let lines = Repository.Lines(file).Length
        where lines > MostLines
        select (file, $"{lines} lines"),
        $"split it, or say in the list of exceptions why it is clearer whole; the limit is {MostLines} lines");

    [Fact]
    public void Time_is_read_from_a_TimeProvider() => WallClocks.Check(
        from file in Repository.Sources
        from line in Repository.Lines(file)
        where WallClock().IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select (file, line.Trim()),
        "take the TimeProvider, so that a test can turn its clock");

    [Fact]
    public void A_folder_is_a_concept_not_a_kind()
    {
        var folders = Repository.TrackedFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(file => file.Split('/')[..^1]).Distinct();

        Assert.Empty(folders.Intersect(["Helpers", "Utils", "Utilities", "Common", "Managers", "Interfaces", "Messages", "Models", "Misc"], StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_file_has_the_namespace_of_its_folder()
    {
        var strays = from file in Repository.Sources
                     let declared = Repository.Lines(file).Select(line => Namespace().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value
                     where declared is not null && declared != Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.')
                     select $"{file}: {declared}";

        Assert.Empty(strays);
    }

    /// <summary>A delay that is given a <c>time</c> is on that clock.</summary>
    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bThread\.Sleep\(|\bTask\.Delay\((?!.*\b_?time\b)")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"^namespace ([\w.]+);")]
    private static partial Regex Namespace();
}

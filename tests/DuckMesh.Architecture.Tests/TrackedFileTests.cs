using System.Text.RegularExpressions;

namespace DuckMesh.Architecture.Tests;

/// <summary>Nothing in the repository depends on the machine or the network where it was written.</summary>
public sealed partial class TrackedFileTests
{
    private const string ThisFile = "tests/DuckMesh.Architecture.Tests/TrackedFileTests.cs";

    [Fact]
    public void No_file_names_a_package_registry() => AssertNone(Registry());

    [Fact]
    public void No_file_names_a_folder_of_somebodys_machine() => AssertNone(MachinePath());

    private static void AssertNone(Regex pattern)
    {
        var found = from file in Repository.TrackedFiles
                    where file != ThisFile && Path.GetExtension(file) is not (".png" or ".duckdb" or ".wal" or ".bin")
                    let lines = Repository.Lines(file)
                    from number in Enumerable.Range(1, lines.Length)
                    where pattern.IsMatch(lines[number - 1])
                    select $"{file}:{number}: {lines[number - 1].Trim()}";

        Assert.Empty(found);
    }

    [GeneratedRegex("""(?i)registry\.npmjs|api\.nuget\.org|"resolved": "(https?|file):|https?://[^\s"/]*(artifactory|nexus|registry|pkgs\.)""")]
    private static partial Regex Registry();

    [GeneratedRegex(@"(?<![\w.>;})\]*/$-])/(work|root|home/\w+|Users/\w+)/")]
    private static partial Regex MachinePath();
}

using DuckMesh.Node.Hosting;

namespace DuckMesh.Node.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_held_by_one_node_and_free_again_when_that_ends()
    {
        var path = Path.Combine(_folder, "new", "data");
        using (DataFolder.Claim(path))
        {
            var refused = Assert.Throws<StartException>(() => DataFolder.Claim(path));
            Assert.Contains($"another running node with pid {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("DUCKMESH_DATA", refused.Message, StringComparison.Ordinal);
        }

        DataFolder.Claim(path).Dispose();
    }

    [Fact]
    public void A_place_where_no_folder_can_be_is_refused_in_one_line()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        foreach (var path in new[] { file, Path.Combine(file, "data"), "/proc/duckmesh" })
        {
            var refused = Assert.Throws<StartException>(() => DataFolder.Claim(path));
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
            Assert.Equal(path != "/proc/duckmesh", refused.Message.Contains($"{file} is a file; name a folder", StringComparison.Ordinal));
        }
    }
}

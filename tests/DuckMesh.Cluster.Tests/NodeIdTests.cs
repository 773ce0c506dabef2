namespace DuckMesh.Cluster.Tests;

public sealed class NodeIdTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_id_is_made_once_and_kept()
    {
        var made = NodeId.Of(_folder);

        Assert.Matches("^[0-9a-f]{16}$", made.Value);
        Assert.Equal(made, NodeId.Of(_folder));
    }

    [Fact]
    public void Another_folder_has_another_id() => Assert.NotEqual(NodeId.Of(_folder), NodeId.Of(Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName));

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("0123456789ABCDEF")]
    public void A_file_with_something_else_in_it_is_refused_with_one_line(string content)
    {
        File.WriteAllText(Path.Combine(_folder, NodeId.FileName), content);

        var refused = Assert.Throws<NodeIdException>(() => NodeId.Of(_folder));

        Assert.Contains(NodeId.FileName, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_was_broken_off_leaves_no_half_id()
    {
        File.WriteAllText(Path.Combine(_folder, NodeId.FileName + ".new"), "0123");

        Assert.Matches("^[0-9a-f]{16}$", NodeId.Of(_folder).Value);
    }
}

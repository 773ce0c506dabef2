using CsCheck;
using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Tests.Databases;

public sealed class DatabaseIdTests
{
    [Theory]
    [InlineData("host:/data/a.duckdb", "host", null, "/data/a.duckdb")]
    [InlineData("host:/a:b:/c", "host", null, "/a:b:/c")]
    [InlineData("host:3f2a:/data/a.duckdb", "host", "3f2a", "/data/a.duckdb")]
    [InlineData("host:3f2a:/a:/b", "host", "3f2a", "/a:/b")]
    [InlineData("host:/", "host", null, "/")]
    public void An_id_is_read_into_its_parts(string value, string host, string? container, string path)
    {
        var id = DatabaseId.Parse(value);
        Assert.Equal((host, container, path, value), (id.Host, id.Container, id.Path, id.Value));
        Assert.Equal(id, new DatabaseId(host, container, path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData(":/a")]
    [InlineData("/a")]
    [InlineData("host:relative")]
    [InlineData("host::/a")]
    [InlineData("host:a:b:/c")]
    [InlineData("host:a/b:/c")]
    [InlineData("ho st:/a")]
    [InlineData("host:con tainer:/a")]
    public void What_is_no_id_is_refused(string value)
    {
        Assert.False(DatabaseId.TryParse(value, out _));
        Assert.Contains("write host:/absolute/path", Assert.Throws<FormatException>(() => DatabaseId.Parse(value)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, "/a")]
    [InlineData("a:b", null, "/a")]
    [InlineData("a", "", "/a")]
    [InlineData("a", "b:c", "/a")]
    [InlineData("a", null, "a")]
    [InlineData("a", null, "")]
    public void Parts_that_would_not_come_back_are_refused(string host, string? container, string path) =>
        Assert.Throws<ArgumentException>(() => new DatabaseId(host, container, path));

    [Fact]
    public void Any_host_container_and_path_of_any_bytes_come_back()
    {
        var name = Gen.String[Gen.Char.AlphaNumeric, 1, 12];
        Gen.Select(name, Gen.Null(name), Gen.Byte.Array[0, 30]).Sample(
            (host, container, bytes) =>
            {
                var id = new DatabaseId(host, container, FilePath.FromBytes([(byte)'/', .. bytes]));
                var again = DatabaseId.Parse(id.Value);
                Assert.Equal(id, again);
                Assert.Equal((host, container, id.Path), (again.Host, again.Container, again.Path));
                Assert.Equal([(byte)'/', .. bytes], FilePath.ToBytes(again.Path));
            },
            iter: 20_000);
    }

    [Fact]
    public void Ids_are_ordered_and_equal_by_their_text()
    {
        var a = DatabaseId.Parse("host:/a");
        var b = DatabaseId.Parse("host:/b");
        Assert.True(a < b && b > a && a <= b && b >= a && a != b && a == DatabaseId.Parse("host:/a"));
        Assert.Equal(a.GetHashCode(), DatabaseId.Parse("host:/a").GetHashCode());
        Assert.Equal("host:/a", a.ToString());
        Assert.False(a.Equals(null));
    }
}

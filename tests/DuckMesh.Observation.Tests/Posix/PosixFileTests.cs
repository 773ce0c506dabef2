using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;
using DuckMesh.Observation.Tests.Files;

namespace DuckMesh.Observation.Tests.Posix;

public sealed class PosixFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly OwnDatabases _own = new();

    public void Dispose() => _folder.Dispose();

    private static byte[] Path(string path) => ProbePath.Create(path)!.With([]).ToArray();

    private string Write(string name, params byte[] bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private FileFaultKind Open(string path, FileStatus expected, out PosixFile file) => PosixFile.Open(Path(path), expected, _own, out file).Kind;

    private static FileStatus Status(string path) => FileStatus.Of(Path(path), follow: true, out _);

    [Fact]
    public void Bytes_are_read_from_an_offset_and_less_at_the_end()
    {
        var path = Write("a", 1, 2, 3, 4, 5);
        Assert.Equal(FileFaultKind.None, Open(path, Status(path), out var file));
        using (file)
        {
            var buffer = new byte[3];
            Assert.Equal(3, file.Read(buffer, 1, out _));
            Assert.Equal([2, 3, 4], buffer);
            Assert.Equal(1, file.Read(buffer, 4, out _));
            Assert.Equal(0, file.Read(buffer, 100, out _));
            Assert.Equal(-1, file.Read(buffer, -1, out var error));
            Assert.NotEqual(0, error);
            File.AppendAllText(path, "x");
            Assert.Equal((5, 6), (file.Status.SizeBytes, file.Refresh(out _).SizeBytes));
        }
    }

    [Fact]
    public void A_path_that_has_come_to_mean_another_file_is_not_read()
    {
        var first = Status(Write("a", 1));
        var second = Write("b", 2);
        Assert.Equal(FileFaultKind.Replaced, Open(second, first, out _));
        File.Delete(second);
        Assert.Equal(0, Native.MakeFifo(second, 0x1a4));
        Assert.Equal(FileFaultKind.Replaced, Open(second, first, out _));
        File.Delete(second);
        Assert.Equal(FileFaultKind.Absent, Open(second, first, out _));
    }

    [Fact]
    public void What_is_no_regular_file_is_not_even_opened()
    {
        Assert.Equal(FileFaultKind.NotRegular, Open("/dev/zero", Status("/dev/zero"), out _));
        Assert.Equal(FileFaultKind.NotRegular, Open(_folder.Path, Status(_folder.Path), out _));
    }

    [Fact]
    public void An_own_database_is_not_opened_and_one_that_was_opened_unawares_is_not_closed()
    {
        var path = Write("a", 1);
        _own.Add(Status(path).Identity);
        Assert.Equal(FileFaultKind.Own, Open(path, Status(path), out _));
        Assert.DoesNotContain(path, OpenFiles());
        Assert.Equal(FileFaultKind.Replaced, Open(path, Status(Write("b", 2)), out _));
        Assert.Contains(path, OpenFiles());
        Assert.DoesNotContain(_folder["b"], OpenFiles());
    }

    [Fact]
    public void Looking_does_not_move_the_access_time()
    {
        var path = Write("a", 1);
        var old = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastAccessTimeUtc(path, old);
        Assert.Equal(FileFaultKind.None, Open(path, Status(path), out var file));
        using (file) file.Read(new byte[1], 0, out _);
        Assert.Equal(old, File.GetLastAccessTimeUtc(path));
    }

    [Theory]
    [InlineData(13, "permission denied")]
    [InlineData(1, "permission denied")]
    [InlineData(2, "is not there")]
    [InlineData(20, "is not there")]
    [InlineData(5, "(error 5); look at its disk or mount")]
    public void Each_error_says_what_it_is(int error, string word) => Assert.Contains(word, FileFault.OfError(error).Describe(), StringComparison.Ordinal);

    private static List<string?> OpenFiles() => [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget)];
}

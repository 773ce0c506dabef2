using System.Globalization;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

public sealed class TempFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _path;

    public TempFolderTests() => _path = _folder["x.duckdb.tmp"];

    public void Dispose() => _folder.Dispose();

    private long? Size() => TempFolder.SizeBytes(ProbePath.Create(_path)!.With([]));

    [Fact]
    public void No_folder_is_no_byte() => Assert.Equal(0, Size());

    [Fact]
    public void A_file_of_that_name_is_no_spill_folder()
    {
        File.WriteAllText(_path, "12345");
        Assert.Equal(0, Size());
    }

    [Fact]
    public void Regular_files_are_added_up_and_nothing_else()
    {
        Directory.CreateDirectory(_path + "/folder");
        File.WriteAllBytes(_path + "/duckdb_temp_storage_DEFAULT-0.tmp", new byte[5000]);
        File.WriteAllBytes(_path + "/duckdb_temp_block-1.block", new byte[7]);
        File.WriteAllBytes(_path + "/folder/inside", new byte[100]);
        File.CreateSymbolicLink(_path + "/link", "/proc/self/exe");
        Assert.Equal(0, Native.MakeFifo(_path + "/fifo", 0x1a4));
        Assert.Equal(5007, Size());
    }

    [Fact]
    public void More_entries_than_the_bound_are_unknown()
    {
        Directory.CreateDirectory(_path);
        for (var i = 0; i < TempFolder.MaxEntries; i++) File.WriteAllBytes(string.Create(CultureInfo.InvariantCulture, $"{_path}/{i}"), [1]);
        Assert.Equal(TempFolder.MaxEntries, Size());
        File.WriteAllBytes(_path + "/more", [1]);
        Assert.Null(Size());
    }

    [Fact]
    public void A_circle_of_links_is_unknown()
    {
        File.CreateSymbolicLink(_path, _path);
        Assert.Null(Size());
    }
}

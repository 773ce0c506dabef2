using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;
using DuckMesh.Observation.Processes;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Processes;

public sealed class LibrarySearchTests : IDisposable
{
    private const string Library = "/opt/lib/libduckdb.so";

    private readonly ProcTree _tree = new();
    private readonly FakeTimeProvider _time = new();

    public LibrarySearchTests() => _tree.AddProcess();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_greatest_version_in_the_library_is_its_own()
    {
        var bytes = new byte[3 << 20];
        new Random(7).NextBytes(bytes);
        Put(bytes, 100, "\0v0.10.3\0");
        Put(bytes, (1 << 20) - 5, "\0v1.10.2\0");       // over the border of a chunk
        Put(bytes, 2 << 20, "\0v1.9.9\0");
        Put(bytes, 5000, "xv9.0.0\0");                  // a part of a word
        Put(bytes, 6000, "\0v999999.0.0\0");
        Map(Library, bytes);

        Assert.Equal("v1.10.2", Version());
    }

    [Fact]
    public void The_library_comes_before_its_binding_and_extensions_do_not_count()
    {
        Map("/a/duckdb.node", "\0v9.0.0\0"u8.ToArray());
        Map("/a/json.duckdb_extension", "\0v8.0.0\0"u8.ToArray());
        Map(Library, "\0v1.2.3\0"u8.ToArray());

        Assert.Equal("v1.2.3", Version());
    }

    [Theory]
    [InlineData("/usr/lib/python3/_duckdb.cpython-312-x86_64-linux-gnu.so")]
    [InlineData("/app/node_modules/@duckdb/node-bindings-linux-x64/duckdb.node")]
    [InlineData("/tmp/libduckdb_java123.so")]
    [InlineData("/usr/lib/libduckdb.so.1.4")]
    public void Bindings_with_duckdb_in_them_are_libraries_too(string path)
    {
        Map(path, "\0v1.4.5\0"u8.ToArray());

        Assert.Equal("v1.4.5", Version());
    }

    [Fact]
    public void A_program_named_after_duckdb_has_it_inside()
    {
        File.CreateSymbolicLink(Path.Combine(_tree.Folder, "proc", ProcTree.Pid.ToString(CultureInfo.InvariantCulture), "exe"), "/usr/bin/duckdb");
        Map("/usr/bin/duckdb", "\0v1.3.2\0"u8.ToArray());

        Assert.Equal("v1.3.2", Version());
    }

    [Fact]
    public void A_library_that_was_replaced_on_disk_is_not_the_one_that_runs()
    {
        Map(Library, "\0v1.2.3\0"u8.ToArray(), inode: 1);

        Assert.Null(Version());
    }

    [Fact]
    public void A_library_that_comes_late_is_found_at_a_later_search()
    {
        var reader = _tree.Reader(_time);
        reader.Read(ProcTree.Pid);
        Map(Library, "\0v1.2.3\0"u8.ToArray());
        _time.Advance(ProcessReader.CacheFor);
        Assert.Null(reader.Read(ProcTree.Pid)!.LibraryVersion);

        _time.Advance(TimeSpan.FromSeconds(30));
        reader.Read(ProcTree.Pid);
        _time.Advance(ProcessReader.CacheFor);

        Assert.Equal("v1.2.3", reader.Read(ProcTree.Pid)!.LibraryVersion);
    }

    [Fact]
    public void What_this_process_itself_holds_as_database_is_not_opened()
    {
        Map(Library, "\0v1.2.3\0"u8.ToArray());
        var own = new OwnDatabases();
        own.Add(IdentityOf(Inside(Library)));

        Assert.Null(_tree.Reader(_time, own: own).Read(ProcTree.Pid)!.LibraryVersion);
    }

    [Fact]
    public void A_version_is_found_wherever_the_borders_of_chunks_fall()
    {
        var text = "....\0v1.5.6\0.....................................\0v12.34.56\0..................................................."u8.ToArray();
        for (var size = VersionText.Overlap + 1; size < text.Length; size++)
        {
            VersionText? greatest = null;
            for (var offset = 0; offset < text.Length; offset += size - VersionText.Overlap)
            {
                var chunk = text.AsSpan(offset, Math.Min(size, text.Length - offset));
                var found = VersionText.Greatest(chunk, offset == 0, chunk.Length < size);
                if (found is { } next && (greatest is not { } best || next.CompareTo(best) > 0)) greatest = next;
            }

            Assert.Equal(new VersionText(12, 34, 56), greatest);
        }
    }

    [Fact]
    public void Any_bytes_can_be_searched_and_parsed() => Gen.OneOf(Gen.Byte, Gen.Char["v.0123456789- x\n"].Select(c => (byte)c)).Array[0, 200].Sample(
        bytes =>
        {
            _ = VersionText.Greatest(bytes, true, true);
            _ = MappedLibrary.Find([.. bytes, .. "duckdb"u8, .. bytes], "/duckdb");
        },
        iter: 10_000,
        threads: 1);

    [Fact]
    public void The_version_that_a_real_owner_runs_is_found()
    {
        var owner = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../owners/dotnet/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0/DuckMesh.Owner.dll"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { owner, Path.Combine(_tree.Folder, "real.duckdb") } };
        using var child = Process.Start(start)!;
        try
        {
            Assert.Contains("\"ready\":true", child.StandardOutput.ReadLine(), StringComparison.Ordinal);
            var reader = new ProcessReader(_time);
            var deadline = Stopwatch.StartNew();
            string? version;
            do
            {
                version = reader.Read(child.Id)!.LibraryVersion;
                _time.Advance(ProcessReader.CacheFor);
            }
            while (version is null && !child.WaitForExit(20) && deadline.Elapsed < TimeSpan.FromSeconds(30));

            Assert.Equal("v1.5.6", version);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" WRITE {child.Id} "), File.ReadAllText("/proc/locks"), StringComparison.Ordinal);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    private string? Version()
    {
        var searches = new List<Action>();
        var reader = _tree.Reader(_time, searches.Add);
        Assert.Null(reader.Read(ProcTree.Pid)!.LibraryVersion);     // a look does not wait for the search
        Assert.Single(searches)();
        _time.Advance(ProcessReader.CacheFor);
        return reader.Read(ProcTree.Pid)!.LibraryVersion;
    }

    private string Inside(string path) => Path.Combine(_tree.Folder, string.Create(CultureInfo.InvariantCulture, $"proc/{ProcTree.Pid}/root{path}"));

    private static FileIdentity IdentityOf(string path) => FileStatus.Of(ProcFile.ZeroEnded(path), follow: false, out _).Identity;

    private void Map(string path, byte[] content, ulong? inode = null)
    {
        _tree.Write(string.Create(CultureInfo.InvariantCulture, $"proc/{ProcTree.Pid}/root{path}"), content);
        var number = inode ?? IdentityOf(Inside(path)).Inode;
        File.AppendAllText(
            Path.Combine(_tree.Folder, string.Create(CultureInfo.InvariantCulture, $"proc/{ProcTree.Pid}/maps")),
            string.Create(CultureInfo.InvariantCulture, $"7f0000000000-7f0000001000 r--p 00000000 fe:00 {number}    {path}\n7f0000001000-7f0000002000 r-xp 00001000 fe:00 {number}    {path}\n"));
    }

    private static void Put(byte[] bytes, int at, string text) => Encoding.ASCII.GetBytes(text, bytes.AsSpan(at));
}

using System.Net.Sockets;
using System.Runtime.Versioning;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>Everything that may lie at a database's path but is none, and what a look costs.</summary>
[SupportedOSPlatform("linux")]
public sealed class FileProbeTests : IDisposable
{
    private const uint Nobody = 65534;

    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly OwnDatabases _own = new();
    private readonly FileProbe _probe;

    public FileProbeTests() => _probe = new FileProbe(_own, _time);

    public void Dispose()
    {
        _probe.Dispose();
        _folder.Dispose();
    }

    private FileObservation Look(string path)
    {
        _time.Advance(TimeSpan.FromSeconds(15));
        return _probe.Read(path);
    }

    private void AssertUnreadable(string path, string word)
    {
        for (var look = 0; look < 3; look++)
        {
            var seen = Look(path);
            Assert.Equal(Presence.Unreadable, seen.Presence);
            Assert.Contains(word, seen.Reason, StringComparison.Ordinal);
            Assert.Null(seen.File?.Header);
        }
    }

    private string Write(byte[] bytes)
    {
        var path = _folder.Next();
        File.WriteAllBytes(path, bytes);
        return path;
    }

    // A database of three 16 KiB blocks without a free list.
    private static byte[] Database(byte[]? pages = null) => [.. pages ?? HeaderPages.Make(), .. new byte[3 * 16384]];

    [Fact]
    public void A_file_that_is_not_there_is_absent()
    {
        foreach (var path in new[] { _folder["none.duckdb"], _folder["no/folder.duckdb"], Write([1]) + "/below-a-file.duckdb" })
        {
            var seen = Look(path);
            Assert.Equal(Presence.Absent, seen.Presence);
            Assert.Contains("is not there", seen.Reason, StringComparison.Ordinal);
            Assert.Null(seen.File);
            Assert.Null(seen.Wal);
        }
    }

    [Fact]
    public void A_fifo_does_not_hold_us()
    {
        Assert.Equal(0, Native.MakeFifo(_folder["x.duckdb"], 0x1a4));
        AssertUnreadable(_folder["x.duckdb"], "is a FIFO");
    }

    [Fact]
    public void A_device_is_not_opened()
    {
        File.CreateSymbolicLink(_folder["x.duckdb"], "/dev/zero");
        AssertUnreadable(_folder["x.duckdb"], "is a device");
    }

    [Fact]
    public void A_socket_is_not_opened()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["x.duckdb"]));
        AssertUnreadable(_folder["x.duckdb"], "is a socket");
    }

    [Fact]
    public void A_folder_is_no_database()
    {
        Directory.CreateDirectory(_folder["x.duckdb"]);
        AssertUnreadable(_folder["x.duckdb"], "is a folder");
    }

    [Fact]
    public void A_circle_of_symbolic_links_has_a_reason()
    {
        File.CreateSymbolicLink(_folder["a.duckdb"], _folder["b.duckdb"]);
        File.CreateSymbolicLink(_folder["b.duckdb"], _folder["a.duckdb"]);
        AssertUnreadable(_folder["a.duckdb"], "symbolic links");
    }

    [Fact]
    public void A_text_that_can_be_no_path_has_a_reason()
    {
        AssertUnreadable("/tmp/x\\x00.duckdb", "path");
        AssertUnreadable("/tmp/" + (char)0xd800 + ".duckdb", "path");
    }

    [Fact]
    public void What_may_not_be_read_says_what_to_do()
    {
        var path = Write(Database());
        File.SetUnixFileMode(path, UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _ = Native.SetFileUser(Nobody);
        try
        {
            AssertUnreadable(path, "permission denied; run the node as its user or give it CAP_DAC_READ_SEARCH");
            Assert.Equal(Database().Length, Look(path).File!.SizeBytes);
        }
        finally
        {
            _ = Native.SetFileUser(0);
        }

        File.SetUnixFileMode(_folder.Path, UnixFileMode.None);
        _ = Native.SetFileUser(Nobody);
        try
        {
            AssertUnreadable(path, "permission denied");
            Assert.Null(Look(path).File);
        }
        finally
        {
            _ = Native.SetFileUser(0);
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void An_empty_file_is_said_to_be_empty() => AssertUnreadable(Write([]), "is empty");

    [Fact]
    public void Other_files_are_no_databases()
    {
        AssertUnreadable(Write("SQLite format 3 and so on and so on"u8.ToArray()), "is not a DuckDB database");
        var random = new byte[50_000];
        new Random(5).NextBytes(random);
        AssertUnreadable(Write(random), "is not a DuckDB database");
    }

    [Fact]
    public void A_file_cut_off_within_its_headers_is_too_short() => AssertUnreadable(Write(Database()[..9000]), "too short");

    [Fact]
    public void A_file_cut_off_within_its_blocks_is_said_to_be_cut_short()
    {
        var seen = Look(Write(Database()[..^1]));
        Assert.Equal(Presence.Unreadable, seen.Presence);
        Assert.Contains("is cut short: it needs at least 3 blocks and has 2", seen.Reason, StringComparison.Ordinal);
        Assert.Equal(7UL, seen.File!.Header!.Iteration);
        Assert.Null(seen.File.Blocks);
    }

    [Fact]
    public void A_newer_format_is_named() => AssertUnreadable(Write(Database(HeaderPages.Make(version: 99))), "has storage version 99, newer");

    [Fact]
    public void A_damaged_header_is_named()
    {
        var bytes = Database();
        bytes[4096 + 100] = 1;
        AssertUnreadable(Write(bytes), "its page at 4096 fails its checksum");
    }

    [Fact]
    public void An_encrypted_database_is_present_with_its_first_page_only()
    {
        var path = Write(Database(HeaderPages.Make(version: 68, flags: 1)));
        File.WriteAllBytes(path + ".wal", new LogBytes([100, 0, 98, 101, 0, 3, 0xff, 0xff]).Commit().ToArray());
        var seen = Look(path);
        Assert.Equal(Presence.Present, seen.Presence);
        Assert.True(seen.File!.Header!.Encrypted);
        Assert.Null(seen.File.Header.Iteration);
        Assert.Null(seen.File.Blocks);
        Assert.Equal(new WalReading(new FileInfo(path + ".wal").Length, null), seen.Wal);
    }

    [Fact]
    public void A_broken_free_list_costs_only_the_blocks()
    {
        var bytes = Database(HeaderPages.Make(freeList: 1));
        HeaderPages.Set(bytes, 12288 + 16384 + 8, 1);
        HeaderPages.Set(bytes, 12288 + 16384 + 16, 3);
        Array.Clear(bytes, 12288 + 16384 + 24, 200);
        HeaderPages.Set(bytes, 12288 + 16384 + 24, 50);
        var seen = Look(Write(bytes));
        Assert.Equal(Presence.Present, seen.Presence);
        Assert.Contains("its free list names block 50", seen.Reason, StringComparison.Ordinal);
        Assert.Null(seen.File!.Blocks);
        Assert.NotNull(seen.File.Header);
    }

    [Fact]
    public void A_file_that_was_deleted_while_open_is_gone_for_its_path_and_said_so_through_a_descriptor()
    {
        var path = Write(Database());
        Assert.Equal(Presence.Present, Look(path).Presence);
        using var held = File.OpenHandle(path);
        var link = $"/proc/self/fd/{held.DangerousGetHandle()}";
        Assert.Equal(Presence.Present, Look(link).Presence);
        File.Delete(path);
        Assert.Equal(Presence.Absent, Look(path).Presence);
        var seen = Look(link);
        Assert.Equal(Presence.Absent, seen.Presence);
        Assert.Contains("was deleted, and a process still has it open", seen.Reason, StringComparison.Ordinal);
        Assert.Equal(Database().Length, seen.File!.SizeBytes);
    }

    [Fact]
    public void Through_a_descriptor_the_files_beside_it_are_unknown()
    {
        var path = Write(Database());
        File.WriteAllBytes(path + ".wal", new LogBytes().Commit().ToArray());
        using var held = File.OpenHandle(path);
        var seen = Look($"/proc/self/fd/{held.DangerousGetHandle()}");
        Assert.NotNull(seen.File!.Blocks);
        Assert.Null(seen.Wal);
        Assert.Null(seen.TempBytes);
        var rooted = Look($"/proc/self/root{path}");
        Assert.Equal(1, rooted.Wal!.Commits);
        Assert.Equal(0, rooted.TempBytes);
    }

    [Fact]
    public void What_this_process_has_open_as_a_database_is_not_opened()
    {
        var path = Write(Database());
        File.WriteAllBytes(path + ".wal", new LogBytes().Commit().ToArray());
        var identity = Look(path).File!.Identity;
        _own.Add(identity);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-1));
        var seen = Look(path);
        Assert.Equal(Presence.Present, seen.Presence);
        Assert.Contains("very process", seen.Reason, StringComparison.Ordinal);
        Assert.Equal(new FileReading(identity, Database().Length), seen.File);
        Assert.Equal(new WalReading(new FileInfo(path + ".wal").Length, null), seen.Wal);
        _own.Remove(identity);
        Assert.Equal(1, Look(path).Wal!.Commits);
    }

    [Fact]
    public void A_path_of_any_bytes_is_reached()
    {
        var bytes = (byte[])[.. System.Text.Encoding.UTF8.GetBytes(_folder.Path), (byte)'/', 0xff, (byte)' ', (byte)'\n', (byte)'\\', 0xc3, 0xa4];
        var text = FilePath.FromBytes(bytes);
        Assert.Equal(Presence.Absent, Look(text).Presence);

        // .NET can neither name nor remove such a file.
        File.WriteAllBytes(_folder["plain"], Database());
        byte[] plain = [.. System.Text.Encoding.UTF8.GetBytes(_folder["plain"]), 0];
        Assert.Equal(0, Native.Rename(plain, [.. bytes, 0]));
        Assert.Equal(Presence.Present, Look(text).Presence);
        Assert.Equal(0, Native.Rename([.. bytes, 0], plain));
    }

    [Fact]
    public void A_change_right_after_a_look_is_seen_though_its_stamp_is_the_same()
    {
        var path = Write(Database());
        var stamp = File.GetLastWriteTimeUtc(path);
        Assert.Equal(7UL, _probe.Read(path).File!.Header!.Iteration);
        File.WriteAllBytes(path, Database(HeaderPages.Make(iteration: 8)));
        File.SetLastWriteTimeUtc(path, stamp);
        Assert.Equal(8UL, Look(path).File!.Header!.Iteration);
    }

    [Fact]
    public void A_file_that_is_replaced_is_another_file()
    {
        var path = Write(Database());
        var first = Look(path).File!;
        Look(path);
        File.Move(Write(Database(HeaderPages.Make(iteration: 2, otherIteration: 1))), path, overwrite: true);
        var second = Look(path).File!;
        Assert.NotEqual(first.Identity, second.Identity);
        Assert.Equal(2UL, second.Header!.Iteration);
    }

    [Fact]
    public void An_idle_database_costs_no_memory_and_gives_the_same_observation()
    {
        var path = Write(Database());
        File.WriteAllBytes(path + ".wal", new LogBytes().Commit().ToArray());
        var first = Look(path);
        Assert.Same(first, Look(path));
        Assert.Same(first, Look(path));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var look = 0; look < 1000; look++) _probe.Read(path);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
        Assert.True(each < 1, $"{each} bytes a look");
    }

    [Fact]
    public void A_database_that_is_read_again_without_news_gives_the_same_observation()
    {
        var path = Write(Database());
        File.WriteAllBytes(path + ".wal", new LogBytes().Commit().ToArray());
        var first = Look(path);
        for (var look = 0; look < 100; look++)
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-look));
            File.SetLastWriteTimeUtc(path + ".wal", DateTime.UtcNow.AddMinutes(-look));
            Assert.Same(first, Look(path));
        }
    }

    [Fact]
    public void Mutated_files_give_a_clear_state_every_time()
    {
        var random = new Random(11);
        var path = _folder.Next();
        var seen = new Dictionary<Presence, int>();
        for (var round = 0; round < 2000; round++)
        {
            var bytes = Database(HeaderPages.Make(version: 67, freeList: 1, blockCount: 3));
            HeaderPages.Set(bytes, 12288 + 16384 + 8, ulong.MaxValue);
            HeaderPages.Set(bytes, 12288 + 16384 + 16, 1);
            HeaderPages.Set(bytes, 12288 + 16384 + 24, 2);
            var wal = new LogBytes().Commit().Marker(3).Commit(9, 400).ToArray();
            for (var change = random.Next(4); change > 0; change--)
            {
                var offset = random.Next(4) switch
                {
                    0 => random.Next(200),
                    1 => 4096 + random.Next(64),
                    2 => 12288 + 16384 + random.Next(40),
                    _ => random.Next(bytes.Length - 8),
                };
                HeaderPages.Set(bytes, offset, random.Next(3) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(5));
                wal[random.Next(wal.Length)] = (byte)random.Next(256);
            }

            if (random.Next(2) == 0) HeaderPages.Seal(bytes);
            File.WriteAllBytes(path, random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            File.WriteAllBytes(path + ".wal", random.Next(10) == 0 ? wal[..random.Next(wal.Length)] : wal);
            var look = Look(path);
            seen[look.Presence] = seen.GetValueOrDefault(look.Presence) + 1;
            Assert.NotNull(look.File);
            if (look.Presence == Presence.Present && look.File.Blocks is null) Assert.True(look.Reason is not null || look.File.Header!.Encrypted);
            if (look.Presence == Presence.Unreadable) Assert.NotNull(look.Reason);
            if (look.File.Blocks is { } blocks) Assert.True(blocks.Used >= 0 && blocks.Free >= 0 && blocks.Total <= 3);
        }

        Assert.Equal(2, seen.Count);
        Assert.All(seen.Values, count => Assert.True(count > 50));
    }

    [Fact]
    public void Descriptors_are_not_kept()
    {
        var path = Write(Database());
        File.WriteAllBytes(path + ".wal", new LogBytes().Commit().ToArray());
        Directory.CreateDirectory(path + ".tmp");
        Look(path);
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget);
        Assert.DoesNotContain(open, target => target?.StartsWith(path, StringComparison.Ordinal) == true);
    }
}

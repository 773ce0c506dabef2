using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>Files that DuckDB itself wrote, against what DuckDB itself says of them.</summary>
public sealed class RealDatabaseTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FileProbe _probe = new(new OwnDatabases());

    public static TheoryData<string, int> Versions => new() { { "v1.0.0", 64 }, { "v1.4.0", 67 }, { "v1.5.0", 68 } };

    public void Dispose()
    {
        _probe.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Used_and_free_blocks_are_those_of_DuckDB(string version, int number)
    {
        var path = _folder.Next();
        var blocks = DuckDbFile.Write(
            path,
            $"STORAGE_VERSION '{version}'",
            "CREATE TABLE t AS SELECT range AS i, repeat('x', 100) || range AS s FROM range(200000)",
            "CHECKPOINT d",
            "CREATE TABLE u AS SELECT * FROM t WHERE i % 2 = 0",
            "CHECKPOINT d",
            "DROP TABLE t",
            "CHECKPOINT d");
        var seen = _probe.Read(path);
        Assert.Equal((Presence.Present, null), (seen.Presence, seen.Reason));
        Assert.True(blocks.Free > 0);
        Assert.Equal(new BlockReading(blocks.Used, blocks.Free, 262144), seen.File!.Blocks);
        Assert.Equal(number, seen.File.Header!.StorageVersion);
        Assert.Equal(("v1.5.6", false, 3UL), (seen.File.Header.CreatedBy, seen.File.Header.Encrypted, seen.File.Header.Iteration));
        Assert.Equal(number >= 67, seen.File.Header.DatabaseIdentifier?.Length == 32);
        Assert.Equal(new WalReading(0, 0), seen.Wal);
        Assert.Equal(0, seen.TempBytes);
    }

    [Fact]
    public void A_free_list_of_many_small_blocks_is_followed_to_its_end()
    {
        var path = _folder.Next();
        var blocks = DuckDbFile.Write(
            path,
            "BLOCK_SIZE 16384",
            "CREATE TABLE t AS SELECT range AS i, md5(range::VARCHAR) || md5((range + 1)::VARCHAR) AS s FROM range(300000)",
            "CHECKPOINT d",
            "CREATE TABLE last AS SELECT range AS i FROM range(100000)",
            "CHECKPOINT d",
            "DROP TABLE t",
            "CHECKPOINT d");
        Assert.True(blocks.Free > 300, "more than fit into ten parts");
        Assert.Equal(new BlockReading(blocks.Used, blocks.Free, 16384), _probe.Read(path).File!.Blocks);
    }

    [Fact]
    public void A_new_database_has_no_checkpoint_and_no_block()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, null);
        var seen = _probe.Read(path);
        Assert.Equal((Presence.Present, 0UL, new BlockReading(0, 0, 262144)), (seen.Presence, seen.File!.Header!.Iteration, seen.File.Blocks));
    }

    [Fact]
    public void An_encrypted_database_shows_its_first_page_and_the_size_of_its_log()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, "ENCRYPTION_KEY 'k'", "CREATE TABLE t AS SELECT range AS i FROM range(1000)", "CHECKPOINT d", "INSERT INTO t VALUES (1)");
        var seen = _probe.Read(path);
        Assert.Equal((Presence.Present, null), (seen.Presence, seen.Reason));
        Assert.Equal(("v1.5.6", true, null), (seen.File!.Header!.CreatedBy, seen.File.Header.Encrypted, seen.File.Header.Iteration));
        Assert.InRange(seen.File.Header.StorageVersion, 67, 68);
        Assert.Null(seen.File.Blocks);
        Assert.Equal(new WalReading(new FileInfo(path + ".wal").Length, null), seen.Wal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Commits_of_the_log_are_those_that_were_made(string version, int number)
    {
        var path = _folder.Next();
        DuckDbFile.Write(
            path,
            $"STORAGE_VERSION '{version}'",
            "CREATE TABLE t (i INTEGER PRIMARY KEY, s VARCHAR)",                                    // 1
            "BEGIN", "INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (2, 'b')", "COMMIT",    // 2
            "BEGIN", "INSERT INTO t VALUES (3, 'c')", "ROLLBACK",
            "UPDATE t SET s = 'z' WHERE i = 1",                                                     // 3
            "DELETE FROM t WHERE i = 2",                                                            // 4
            "SELECT * FROM t",
            "CREATE SEQUENCE q", "CREATE VIEW v AS SELECT 1", "CREATE INDEX x ON t (s)",            // 7
            "INSERT INTO t SELECT range + 10, repeat('long', 1000) FROM range(1000)");              // 8
        var seen = _probe.Read(path);
        Assert.Equal(new WalReading(new FileInfo(path + ".wal").Length, 8), seen.Wal);
        Assert.Equal((number, 0UL), (seen.File!.Header!.StorageVersion, seen.File.Header.Iteration));
    }

    [Fact]
    public void A_bulk_load_that_bypasses_the_log_is_one_commit()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, null, "CREATE TABLE t (i BIGINT)", "CHECKPOINT d", "INSERT INTO t SELECT range FROM range(1000000)");
        var seen = _probe.Read(path);
        Assert.Equal(1, seen.Wal!.Commits);
        Assert.NotNull(seen.File!.Blocks);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_checkpoint_between_two_looks_is_seen_and_the_log_starts_again(string version, int number)
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, $"STORAGE_VERSION '{version}'", "CREATE TABLE t (i INTEGER)", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
        var first = _probe.Read(path);
        Assert.Equal((0UL, 3), (first.File!.Header!.Iteration, first.Wal!.Commits));

        // Opening replays the log and may checkpoint; then three checkpoints that have something to do, and a longer log than before that begins alike.
        DuckDbFile.Write(path, null, "CHECKPOINT d");
        var start = _probe.Read(path).File!.Header!.Iteration;
        DuckDbFile.Write(
            path, null, "INSERT INTO t VALUES (3)", "CHECKPOINT d", "INSERT INTO t VALUES (3)", "CHECKPOINT d", "INSERT INTO t VALUES (3)", "CHECKPOINT d", "CHECKPOINT d",
            "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (2)");
        var second = _probe.Read(path);
        Assert.Equal(start + 3, second.File!.Header!.Iteration);
        Assert.Equal(5, second.Wal!.Commits);
        Assert.Equal(number, second.File.Header.StorageVersion);
    }

    [Fact]
    public void A_log_whose_checkpoint_did_not_get_to_the_header_still_counts()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, null, "CREATE TABLE t (i INTEGER)", "CHECKPOINT d");
        DuckDbFile.AbortCheckpoint(path, "before_header", "INSERT INTO d.t VALUES (1)", "INSERT INTO d.t VALUES (2)");
        var seen = _probe.Read(path);
        Assert.Equal((1UL, 2), (seen.File!.Header!.Iteration, seen.Wal!.Commits));
    }

    [Fact]
    public void A_log_whose_checkpoint_wrote_its_header_is_obsolete_though_it_is_there()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, null, "CREATE TABLE t (i INTEGER)", "CHECKPOINT d");
        DuckDbFile.AbortCheckpoint(path, "before_truncate", "INSERT INTO d.t VALUES (1)", "INSERT INTO d.t VALUES (2)");
        var seen = _probe.Read(path);
        Assert.True(File.Exists(path + ".wal"));
        Assert.Equal((2UL, 0), (seen.File!.Header!.Iteration, seen.Wal!.Commits));
    }

    [Fact]
    public void A_log_cut_off_anywhere_counts_what_is_whole_and_is_torn()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, "STORAGE_VERSION 'v1.5.0'", "CREATE TABLE t (i INTEGER)", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
        var log = File.ReadAllBytes(path + ".wal");
        long last = 0;
        for (var length = 0; length <= log.Length; length++)
        {
            File.WriteAllBytes(path + ".wal", log[..length]);
            var wal = _probe.Read(path).Wal!;
            Assert.False(wal.Damaged);
            Assert.InRange(wal.Commits!.Value, last, last + 1);
            last = wal.Commits.Value;
            if (length == log.Length) Assert.False(wal.TornTail);
        }

        Assert.Equal(3, last);
    }

    [Fact]
    public void A_real_file_cut_off_at_any_place_is_never_taken_for_a_whole_one()
    {
        var path = _folder.Next();
        DuckDbFile.Write(path, null, "CREATE TABLE t AS SELECT range AS i, md5(range::VARCHAR) AS s FROM range(50000)", "CHECKPOINT d");
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 1, 11, 12, 4096, 8192, 12287, 12288, 12289, 12288 + 262144, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            var seen = _probe.Read(path);
            Assert.True(seen.Presence == Presence.Unreadable, $"{length} of {whole.Length}: {seen}");
            Assert.NotNull(seen.Reason);
        }

        File.WriteAllBytes(path, whole);
        Assert.Equal(Presence.Present, _probe.Read(path).Presence);
    }

    /// <summary>Bytes of the headers, of the free list's blocks and of the log are changed; half of the times the headers' checksums are put right.</summary>
    [Fact]
    public void Mutated_real_files_have_a_clear_state_and_the_mended_file_has_its_own_again()
    {
        var path = _folder.Next();
        DuckDbFile.Write(
            path,
            "BLOCK_SIZE 16384, STORAGE_VERSION 'v1.5.0'",
            "CREATE TABLE t AS SELECT range AS i, md5(range::VARCHAR) AS s FROM range(30000)",
            "CHECKPOINT d",
            "CREATE TABLE u AS SELECT hash(range) AS i FROM range(20000)",
            "CHECKPOINT d",
            "DROP TABLE t",
            "CHECKPOINT d",
            "INSERT INTO u VALUES (1)",
            "INSERT INTO u VALUES (2)");
        var original = _probe.Read(path);
        Assert.True(original.File!.Blocks!.Free > 10);
        var whole = File.ReadAllBytes(path);
        var log = File.ReadAllBytes(path + ".wal");
        Assert.Equal(HeaderVerdict.Valid, DatabaseHeader.Parse(whole.AsSpan(0, DatabaseHeader.Bytes), out var header, out _));
        var list = (int)(DatabaseHeader.Bytes + (DatabaseHeader.BlockOf(header.FreeList) * header.BlockBytes));
        var random = new Random(3);
        var states = new HashSet<(Presence, bool)>();
        for (var round = 0; round < 1500; round++)
        {
            var bytes = (byte[])whole.Clone();
            var changedLog = (byte[])log.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var offset = random.Next(3) switch
                {
                    0 => list + random.Next(header.BlockBytes),
                    1 => (4096 * random.Next(1, 3)) + random.Next(64),
                    _ => random.Next(200),
                };
                bytes[offset] = (byte)random.Next(256);
                changedLog[random.Next(log.Length)] = (byte)random.Next(256);
            }

            if (random.Next(2) == 0) HeaderPages.Seal(bytes);
            File.WriteAllBytes(path, bytes);
            File.WriteAllBytes(path + ".wal", changedLog);
            var seen = _probe.Read(path);
            states.Add((seen.Presence, seen.File!.Blocks is null));
            if (seen.File.Blocks is null && seen.File.Header?.Encrypted != true) Assert.NotNull(seen.Reason);
            if (seen.Wal is { } wal) Assert.InRange(wal.Commits ?? 0, 0, 2);
        }

        Assert.Equal(3, states.Count);
        File.WriteAllBytes(path, whole);
        File.WriteAllBytes(path + ".wal", log);
        Assert.Equal(original, _probe.Read(path));
    }
}

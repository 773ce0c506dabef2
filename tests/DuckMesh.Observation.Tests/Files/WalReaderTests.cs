using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>A log that grows, is replaced, cut, checkpointed, between one look and the next.</summary>
public sealed class WalReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly string _path;
    private readonly WalReader _reader;
    private DatabaseHeader? _header = new DatabaseHeader { Iteration = 1, MetaBlock = 5 };

    public WalReaderTests()
    {
        _path = _folder["x.duckdb"];
        _reader = new WalReader(new OwnDatabases(), _time);
    }

    public void Dispose() => _folder.Dispose();

    private WalReading? Look()
    {
        _time.Advance(TimeSpan.FromSeconds(15));
        _reader.Read(ProbePath.Create(_path)!, mayOpen: true, _header, _time.GetTimestamp());
        return _reader.Reading;
    }

    private void Write(LogBytes log, string suffix = ".wal") => File.WriteAllBytes(_path + suffix, log.ToArray());

    [Fact]
    public void Without_a_log_there_is_no_commit() => Assert.Equal(new WalReading(0, 0), Look());

    [Fact]
    public void An_empty_log_has_no_commit()
    {
        File.WriteAllBytes(_path + ".wal", []);
        Assert.Equal(new WalReading(0, 0), Look());
    }

    [Fact]
    public void What_is_appended_is_added()
    {
        var log = new LogBytes();
        for (var commits = 0; commits < 20; commits++)
        {
            Write(log);
            Assert.Equal(new WalReading(log.Length, commits), Look());
            log.Commit((byte)commits);
        }
    }

    [Fact]
    public void A_torn_tail_is_said_and_read_again_when_it_is_whole()
    {
        var log = new LogBytes().Commit().Commit();
        File.WriteAllBytes(_path + ".wal", log.ToArray()[..^3]);
        Assert.Equal(new WalReading(log.Length - 3, 1) { TornTail = true }, Look());
        Write(log);
        Assert.Equal(new WalReading(log.Length, 2), Look());
    }

    [Fact]
    public void Damage_is_said_and_forgotten_when_it_is_gone()
    {
        var log = new LogBytes().Commit();
        var bytes = log.Commit().ToArray();
        var bad = (byte[])bytes.Clone();
        bad[^25] ^= 1;
        File.WriteAllBytes(_path + ".wal", bad);
        Assert.Equal(new WalReading(bytes.Length, null) { Damaged = true }, Look());
        Assert.Equal(new WalReading(bytes.Length, null) { Damaged = true }, Look());
        File.WriteAllBytes(_path + ".wal", bytes);
        Assert.Equal(new WalReading(bytes.Length, 2), Look());
    }

    [Fact]
    public void Garbage_is_damaged()
    {
        File.WriteAllText(_path + ".wal", "this was never a log of DuckDB");
        Assert.True(Look()!.Damaged);
        Assert.Null(Look()!.Commits);
    }

    [Fact]
    public void A_log_that_is_replaced_by_a_longer_one_starts_again()
    {
        Write(new LogBytes().Commit().Commit().Commit());
        Assert.Equal(3, Look()!.Commits);
        Write(new LogBytes().Commit(9, 2000), ".new");
        File.Move(_path + ".new", _path + ".wal", overwrite: true);
        Assert.Equal(1, Look()!.Commits);
    }

    [Fact]
    public void A_log_that_is_written_anew_in_its_place_starts_again()
    {
        Write(new LogBytes().Commit(1).Commit(1));
        Assert.Equal(2, Look()!.Commits);
        Write(new LogBytes().Commit(2).Commit(2).Commit(2).Commit(2).Commit(2));
        Assert.Equal(5, Look()!.Commits);
        Write(new LogBytes().Commit(2));
        Assert.Equal(1, Look()!.Commits);
    }

    [Fact]
    public void After_a_checkpoint_even_a_log_that_begins_alike_starts_again()
    {
        // The inode may be that of the log before, and the first statements are often the same.
        Write(new LogBytes().Commit(1, 500).Commit());
        Assert.Equal(2, Look()!.Commits);
        _header = _header!.Value with { Iteration = 2 };
        Write(new LogBytes().Commit(1, 500).Frame(26, new byte[100]).Frame(100));
        Assert.Equal(2, Look()!.Commits);
    }

    [Fact]
    public void A_commit_that_failed_and_was_cut_off_is_not_counted()
    {
        Write(new LogBytes().Commit().Frame(26, new byte[300]).Frame(26, new byte[300]));
        Assert.Equal(1, Look()!.Commits);
        Write(new LogBytes().Commit().Commit(3, 250).Commit(4, 600));
        Assert.Equal(new WalReading(new FileInfo(_path + ".wal").Length, 3), Look());
    }

    [Fact]
    public void A_huge_log_is_read_over_several_looks_and_its_commits_are_unknown_until_then()
    {
        var log = new LogBytes().Commit().Frame(26, new byte[2 * (int)WalReader.MaxBytesPerLook]).Frame(100);
        for (var i = 0; i < 100; i++) log.Commit();
        Write(log);
        Assert.Equal(new WalReading(log.Length, null), Look());
        Assert.Equal(new WalReading(log.Length, null), Look());
        Assert.Equal(new WalReading(log.Length, 102), Look());
        log.Commit();
        Write(log);
        Assert.Equal(103, Look()!.Commits);
    }

    [Fact]
    public void While_a_checkpoint_runs_both_logs_count_and_afterwards_only_the_new_one()
    {
        Write(new LogBytes().Commit().Commit().Marker(77));
        Assert.Equal(2, Look()!.Commits);
        Write(new LogBytes().Commit(1), ".wal.checkpoint");
        var both = new FileInfo(_path + ".wal").Length + new FileInfo(_path + ".wal.checkpoint").Length;
        Assert.Equal(new WalReading(both, 3), Look());

        _header = new DatabaseHeader { Iteration = 2, MetaBlock = 77 };
        Assert.Equal(new WalReading(both, 1), Look());
        Write(new LogBytes().Commit(1).Commit(2), ".wal.checkpoint");
        Assert.Equal(2, Look()!.Commits);

        File.Move(_path + ".wal.checkpoint", _path + ".wal", overwrite: true);
        Assert.Equal(new WalReading(new FileInfo(_path + ".wal").Length, 2), Look());
    }

    [Fact]
    public void A_marker_without_a_header_to_compare_leaves_the_log_valid()
    {
        _header = null;
        Write(new LogBytes().Commit().Marker(ulong.MaxValue));
        Assert.Equal(1, Look()!.Commits);
    }

    [Fact]
    public void A_log_that_is_no_regular_file_is_unknown()
    {
        Directory.CreateDirectory(_path + ".wal");
        Assert.Null(Look());
        Directory.Delete(_path + ".wal");
        Assert.Equal(0, Native.MakeFifo(_path + ".wal", 0x1a4));
        Assert.Null(Look());
    }

    [Fact]
    public void A_log_that_vanishes_is_no_log()
    {
        Write(new LogBytes().Commit());
        Assert.Equal(1, Look()!.Commits);
        File.Delete(_path + ".wal");
        Assert.Equal(new WalReading(0, 0), Look());
    }
}

using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Tests.Discovery;

public sealed class WatchedFilesTests
{
    private readonly WatchedFiles _files = new();

    [Fact]
    public void A_file_is_recalled_until_it_changes()
    {
        Assert.False(_files.TryRecall(File(1), out _));
        _files.Remember(File(1), FindingKind.Database);
        Assert.True(_files.TryRecall(File(1), out var kind));
        Assert.Equal(FindingKind.Database, kind);
        Assert.False(_files.TryRecall(File(1, changed: 2), out _));
    }

    [Fact]
    public void What_is_only_being_made_is_looked_at_again()
    {
        _files.Remember(File(1), FindingKind.Unfinished);
        _files.Remember(File(2), FindingKind.Vanished);
        Assert.Equal(0, _files.Count);
    }

    [Fact]
    public void A_file_that_a_round_does_not_meet_is_forgotten()
    {
        _files.StartRound();
        _files.Remember(File(1), FindingKind.Other);
        _files.Remember(File(2), FindingKind.Database);
        _files.Tell(File(2), "/two", oddity: false);
        _files.Tell(File(3), "/three", oddity: true);
        _files.EndRound();
        Assert.Equal(3, _files.Count);

        _files.StartRound();
        Assert.True(_files.TryRecall(File(2), out _));
        _files.EndRound();
        Assert.Equal(1, _files.Count);
        Assert.True(_files.MayTell(File(2), oddity: false, out var told));
        Assert.Equal("/two", told);
    }

    [Fact]
    public void Databases_that_come_and_go_never_use_up_the_bound()
    {
        for (ulong round = 0; round < 10; round++)
        {
            _files.StartRound();
            for (ulong i = 0; i < WatchedFiles.MaxDatabases / 2; i++) Meet(File((round * WatchedFiles.MaxDatabases) + i), oddity: false);
            _files.EndRound();
            Assert.False(_files.TooMany);
        }

        Assert.Equal(WatchedFiles.MaxDatabases / 2, _files.Count);
    }

    [Fact]
    public void Beyond_the_bounds_nothing_is_told_or_remembered_and_oddities_leave_room_for_databases()
    {
        _files.StartRound();
        var told = 0;
        for (ulong i = 0; i < 1_000_000; i++)
        {
            var oddity = i % 2 == 0;
            _files.Remember(File(i), oddity ? FindingKind.Other : FindingKind.Database);
            if (Meet(File(i), oddity)) told++;
        }

        Assert.True(_files.TooMany);
        Assert.Equal(WatchedFiles.MaxDatabases + WatchedFiles.MaxOddities, told);
        Assert.InRange(_files.Count, told, told + WatchedFiles.MaxOthers);
        _files.StartRound();
        Assert.False(_files.TooMany);
        _files.EndRound();
        Assert.Equal(0, _files.Count);
    }

    [Fact]
    public void An_oddity_that_becomes_a_database_counts_as_one()
    {
        _files.StartRound();
        for (ulong i = 0; i < WatchedFiles.MaxOddities; i++) Assert.True(Meet(File(i), oddity: true));
        Assert.False(Meet(File(5_000), oddity: true));
        Assert.True(Meet(File(0), oddity: false));
        Assert.True(Meet(File(5_000), oddity: true));
    }

    private bool Meet(FileStatus status, bool oddity)
    {
        if (!_files.MayTell(status, oddity, out _)) return false;
        _files.Tell(status, "/x", oddity);
        return true;
    }

    private static FileStatus File(ulong inode, long changed = 1) => new(new FileIdentity(1, inode), FileKind.Regular, 100, 1, 1) { ChangedNanoseconds = changed };
}

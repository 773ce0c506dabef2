using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Tests.Files;

namespace DuckMesh.Observation.Tests.Discovery;

/// <summary>Owners whose paths mean nothing, or something else, to this process. They need root: new namespaces, mounts.</summary>
public sealed class OtherNamespaceTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Watcher _watcher;

    public OtherNamespaceTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Shared)!);
        _watcher = new Watcher(_folder.Path);
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Two_containers_that_each_hold_the_same_path_are_two_databases()
    {
        using var first = Contain("first");
        using var second = Contain("second");
        _watcher.PassUntil(() => Found().Length == 2);

        Assert.Null(_watcher.Find(Shared));
        Assert.All(Found(), id => Assert.Matches("^box:ns-[0-9]+:/", id.Value));
        Assert.Equal(2, Found().Select(id => _watcher.Discoverer.Find(id)!.Name).Distinct().Count());
        var readings = Found().Select(_watcher.Probe).ToArray();
        Assert.All(readings, r => Assert.Equal((Presence.Present, true, 1), (r.Presence, r.Owned, r.Owners)));
        Assert.All(readings, r => Assert.NotNull(r.Wal));
        Assert.Equal(2, readings.Select(r => r.File!.Identity).Distinct().Count());

        // The pids are as this process's namespace numbers them.
        Assert.InRange(first.Pid, 1, 10);
        Assert.All(readings, r => Assert.True(r.Owner!.Pid > 10 && r.Owner.Exe!.EndsWith("dotnet", StringComparison.Ordinal)));
    }

    [Fact]
    public void When_a_container_ends_its_database_is_gone_and_the_other_one_stays()
    {
        using var first = Contain("first");
        _watcher.PassUntil(() => Found().Length == 1);
        var gone = Found()[0];
        using var second = Contain("second");
        _watcher.PassUntil(() => Found().Length == 2);
        var stays = Found().Single(id => id != gone);

        first.Kill();
        _watcher.PassUntil(() => _watcher.Discoverer.Find(gone)!.Note is not null);
        var reading = _watcher.Probe(gone);
        Assert.Equal((Presence.Absent, null), (reading.Presence, reading.Owned));
        Assert.Contains($"its container {gone.Container} is gone", reading.Reason, StringComparison.Ordinal);
        Assert.Equal((Presence.Present, true), (_watcher.Probe(stays).Presence, _watcher.Probe(stays).Owned));
    }

    [Fact]
    public async Task An_owner_that_dies_while_it_is_looked_at_is_there_or_gone_and_nothing_else()
    {
        for (var round = 0; round < 3; round++)
        {
            using var owner = Contain($"round{round}");

            // The kernel gives the number of a namespace that is gone to the next one: it may be the same database.
            _watcher.PassUntil(() => Found().Any(IsHeld));
            var id = Found().Single(IsHeld);
            var seen = new HashSet<(Presence, bool)>();
            using var looking = new ManualResetEventSlim();
            var looks = Task.Factory.StartNew(
                () =>
                {
                    Reading reading;
                    do
                    {
                        reading = _watcher.Probe(id);
                        looking.Set();
                        seen.Add((reading.Presence, reading.Reason is null || reading.Reason.Contains("container", StringComparison.Ordinal)));
                    }
                    while (reading.Presence == Presence.Present);
                },
                TaskCreationOptions.LongRunning);
            Assert.True(looking.Wait(TimeSpan.FromSeconds(20)));
            owner.Kill();
            await looks.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal([(Presence.Absent, true), (Presence.Present, true)], seen.OrderByDescending(s => s.Item1));
        }
    }

    [Fact]
    public void A_path_that_means_another_file_here_is_not_taken_for_the_container_s()
    {
        using var here = Owner.Of(Shared);
        using var there = Contain("there");
        _watcher.PassUntil(() => Found().Length == 1 && _watcher.Find(Shared) is not null);
        Assert.Equal(here.Pid, _watcher.Probe(Shared).Owner!.Pid);
        Assert.NotEqual(_watcher.Probe(Shared).File!.Identity, _watcher.Probe(Found()[0]).File!.Identity);
    }

    [Fact]
    public void A_container_s_path_that_leads_us_into_a_mount_that_hangs_holds_up_nothing()
    {
        using var there = Contain("there");
        using var hung = new HungMount(Path.GetDirectoryName(Shared)!);
        using var other = Owner.Of(_folder["other.duckdb"]);
        _watcher.PassUntil(() => Found().Length == 1 && _watcher.Find(_folder["other.duckdb"]) is not null);
        Assert.Empty(_watcher.Report.Warnings);
        var reading = _watcher.Probe(Found()[0]);
        Assert.Equal((Presence.Present, true), (reading.Presence, reading.Owned));
    }

    [Fact]
    public void A_database_whose_path_is_covered_by_another_mount_is_reached_through_its_owner()
    {
        using var owner = Owner.Of(Shared);
        using var cover = new CoveringMount(Path.GetDirectoryName(Shared)!);
        _watcher.PassUntil(() => Found().Length == 1);
        var id = Found()[0];
        Assert.StartsWith($"/proc/{owner.Pid}/fd/", _watcher.Discoverer.Find(id)!.AccessPath, StringComparison.Ordinal);
        var reading = _watcher.Probe(id);
        Assert.Equal((Presence.Present, true, owner.Pid), (reading.Presence, reading.Owned, reading.Owner!.Pid));
        Assert.Null(reading.Wal);

        // Its number may be another file's by now, and will be.
        owner.Close();
        Assert.Equal(Presence.Absent, _watcher.Probe(id).Presence);
        _watcher.PassUntil(() => _watcher.Discoverer.Find(id)!.Holders.IsEmpty);
        Assert.Equal("", _watcher.Discoverer.Find(id)!.AccessPath);
        Assert.Equal(Presence.Absent, _watcher.Probe(id).Presence);
    }

    /// <summary>A path that exists here, and means a folder of its own in each container.</summary>
    private string Shared => _folder["data/app.duckdb"];

    private DatabaseId[] Found() => [.. _watcher.Appeared.Select(s => s.Id).Where(id => id.Container is not null).Distinct()];

    private bool IsHeld(DatabaseId id) => !_watcher.Discoverer.Find(id)!.Holders.IsEmpty;

    /// <summary>An owner in PID and mount namespaces of its own.</summary>
    private Owner Contain(string name)
    {
        Directory.CreateDirectory(_folder[name]);
        return Owner.Start(
            "unshare", "--pid", "--mount", "--fork", "--mount-proc", "--propagation", "private", "sh", "-c", "mount --bind \"$0\" \"$1\" && exec dotnet \"$2\" \"$3\"",
            _folder[name], Path.GetDirectoryName(Shared)!, Owner.Program, Shared);
    }
}

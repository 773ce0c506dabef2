using System.Text;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Tests.Files;

namespace DuckMesh.Observation.Tests.Discovery;

/// <summary>Real owners of real databases, found through the real <c>/proc</c>.</summary>
public sealed class HeldDatabaseTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Watcher _watcher;

    public HeldDatabaseTests() => _watcher = new Watcher(_folder.Path);

    public void Dispose()
    {
        _watcher.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_database_that_a_program_opens_is_found_without_configuration_and_stays_known_when_it_is_closed()
    {
        var path = _folder["orders.duckdb"];
        using var owner = Owner.Of(path);
        var before = DateTimeOffset.UtcNow;
        _watcher.PassUntil(() => _watcher.Find(path) is not null);

        var found = Assert.Single(_watcher.Appeared);
        Assert.Equal(("box:" + path, "orders", path), (found.Id.Value, found.Name, found.AccessPath));
        Assert.Equal(new Holder(owner.Pid, false), Assert.Single(found.Holders));
        Assert.False(found.Configured);
        var reading = _watcher.Probe(path);
        Assert.Equal((Presence.Present, true, 1), (reading.Presence, reading.Owned, reading.Owners));
        Assert.EndsWith("dotnet", reading.Owner!.Exe, StringComparison.Ordinal);
        Assert.InRange(reading.Owner.StartedAt, before.AddMinutes(-1), before.AddSeconds(2));
        Assert.NotNull(reading.File!.Header);
        Assert.NotNull(reading.Disk);

        owner.Close();
        _watcher.PassUntil(() => _watcher.Find(path)!.Holders.IsEmpty);
        reading = _watcher.Probe(path);
        Assert.Equal((Presence.Present, false, 0), (reading.Presence, reading.Owned, reading.Owners));

        owner.Do("""{"do":"open"}""");
        _watcher.PassUntil(() => !_watcher.Find(path)!.Holders.IsEmpty);
        Assert.Single(_watcher.Appeared);
    }

    [Fact]
    public void What_is_known_is_not_looked_up_again()
    {
        using var owner = Owner.Of("--many", _folder.Path, "20");
        _watcher.PassUntil(() => _watcher.Appeared.Count == 20);

        // Other programs of this machine take locks as they like; of ours nothing is new.
        _watcher.PassUntil(() => _watcher.Report.Looked == 0);
        Assert.Equal(20, _watcher.Appeared.Count);
    }

    [Fact]
    public void A_lock_that_the_kernel_leaves_out_of_its_table_has_not_ended()
    {
        // When others take and end locks while a table of many pages is read, its entries come and go from one reading to the next.
        var path = _folder["orders.duckdb"];
        using var owner = Owner.Of(path);
        var (proc, table) = ProcOf(owner);
        using var watcher = new Watcher(_folder.Path, proc);
        watcher.PassUntil(() => watcher.Find(path) is { Holders.Length: 1 });

        File.WriteAllText(table, "");
        for (var pass = 0; pass < 3; pass++)
        {
            watcher.Pass();
            Assert.Equal(owner.Pid, Assert.Single(watcher.Find(path)!.Holders).Pid);
        }

        owner.Close();
        watcher.Pass();
        Assert.Empty(watcher.Find(path)!.Holders);
    }

    [Fact]
    public void Who_holds_what_is_settled_when_each_lock_is_looked_up_and_not_before()
    {
        using var one = Owner.Of(_folder["one.duckdb"]);
        var (proc, _) = ProcOf(one);
        using var discoverer = Discover(proc, examine: null);
        Assert.False(discoverer.IsSettled);

        discoverer.Pass(CancellationToken.None);
        Assert.True(discoverer.IsSettled);
    }

    [Fact]
    public void A_lock_whose_file_system_hangs_leaves_nothing_unsettled_for_longer_than_a_pass()
    {
        using var one = Owner.Of(_folder["one.duckdb"]);
        using var other = Owner.Of(_folder["other.duckdb"]);
        var (proc, _) = ProcOf(one, other);
        using var hang = new ManualResetEventSlim();
        using var looked = new ManualResetEventSlim();
        using var discoverer = Discover(proc, look =>
        {
            if (!looked.IsSet) looked.Set();
            else hang.Wait();
            return Finding.Other;
        });

        discoverer.Pass(CancellationToken.None);
        Assert.False(discoverer.IsSettled);
        discoverer.Pass(CancellationToken.None);
        Assert.True(discoverer.IsSettled);
        hang.Set();
    }

    [Fact]
    public void Where_the_lock_table_is_not_read_nobody_can_say_that_a_database_has_no_owner()
    {
        var path = _folder["orders.duckdb"];
        using var owner = Owner.Of(path);
        var (proc, table) = ProcOf(owner);
        File.Delete(table);
        using var watcher = new Watcher(_folder.Path, proc);
        watcher.Discoverer.Adopt(Watcher.IdOf(path), "orders", configured: false);
        Assert.NotEmpty(watcher.Pass().Warnings);
        Assert.True(watcher.Discoverer.IsSettled);
        Assert.Equal((Presence.Present, null), (watcher.Probe(path).Presence, watcher.Probe(path).Owned));

        using var unfollowed = new Watcher(_folder.Path, new DiscoveryOptions("box") { Locks = false, Watch = [path] });
        unfollowed.PassUntil(() => unfollowed.Find(path) is not null);
        Assert.True(unfollowed.Discoverer.IsSettled);
        Assert.Equal((Presence.Present, null), (unfollowed.Probe(path).Presence, unfollowed.Probe(path).Owned));
    }

    [Fact]
    public void Two_read_only_owners_are_two_holders_the_older_in_front()
    {
        var path = _folder["shared.duckdb"];
        using (var maker = Owner.Of(path)) maker.Close();
        using var first = Owner.Of(path, "--read-only");
        using var second = Owner.Of(path, "--read-only");
        _watcher.PassUntil(() => _watcher.Find(path)?.Holders.Length == 2);

        Assert.Equal([new Holder(first.Pid, true), new Holder(second.Pid, true)], _watcher.Find(path)!.Holders.ToArray());
        var reading = _watcher.Probe(path);
        Assert.Equal((first.Pid, true, 2), (reading.Owner!.Pid, reading.Owner.ReadOnly, reading.Owners));

        first.Kill();
        _watcher.PassUntil(() => _watcher.Find(path)!.Holders.Length == 1);
        Assert.Equal(second.Pid, _watcher.Probe(path).Owner!.Pid);
    }

    [Fact]
    public void Symbolic_and_hard_links_are_one_database()
    {
        var path = _folder["a.duckdb"];
        using (var maker = Owner.Of(path)) maker.Close();
        File.CreateSymbolicLink(_folder["link.duckdb"], path);
        using var first = Owner.Of(_folder["link.duckdb"], "--read-only");
        _watcher.PassUntil(() => _watcher.Appeared.Count == 1);
        Assert.Equal(path, _watcher.Appeared[0].Id.Path);

        Native.Link(Encoding.UTF8.GetBytes(path + '\0'), Encoding.UTF8.GetBytes(_folder["hard.duckdb"] + '\0'));
        using var second = Owner.Of(_folder["hard.duckdb"], "--read-only");
        _watcher.PassUntil(() => _watcher.Find(path)!.Holders.Length == 2);
        Assert.Single(_watcher.Appeared);
    }

    [Fact]
    public void A_database_renamed_while_it_is_held_is_gone_under_its_old_path_and_appears_under_the_new()
    {
        var (old, now) = (_folder["old.duckdb"], _folder["new.duckdb"]);
        using var owner = Owner.Of(old);
        _watcher.PassUntil(() => _watcher.Find(old) is not null);

        File.Move(old, now);
        Assert.Equal(Presence.Absent, _watcher.Probe(old).Presence);
        _watcher.PassUntil(() => _watcher.Find(now) is not null);

        Assert.Equal($"was renamed to {now}", _watcher.Find(old)!.Note);
        Assert.Empty(_watcher.Find(old)!.Holders);
        Assert.Equal(owner.Pid, Assert.Single(_watcher.Find(now)!.Holders).Pid);
        var reading = _watcher.Probe(old);
        Assert.Equal((Presence.Absent, $"was renamed to {now}", false), (reading.Presence, reading.Reason, reading.Owned));
        Assert.True(_watcher.Probe(now).Owned);

        File.Move(now, old);
        _watcher.PassUntil(() => _watcher.Find(old) is { Note: null, Holders.Length: 1 });
        Assert.Equal([old, now, old], _watcher.Appeared.Select(s => s.Id.Path));
    }

    [Fact]
    public void A_database_deleted_while_it_is_held_is_gone_and_its_owner_named()
    {
        var path = _folder["doomed (deleted)"];
        using var owner = Owner.Of(path);
        _watcher.PassUntil(() => _watcher.Find(path) is not null);
        Assert.Null(_watcher.Find(path)!.Note);

        File.Delete(path);
        _watcher.PassUntil(() => _watcher.Find(path)!.Note is not null);
        var reading = _watcher.Probe(path);
        Assert.Equal((Presence.Absent, false), (reading.Presence, reading.Owned));
        Assert.Contains($"was deleted, but process {owner.Pid} (", reading.Reason, StringComparison.Ordinal);

        owner.Kill();
        _watcher.PassUntil(() => _watcher.Find(path)!.Note is null);
        Assert.Equal($"there is no file at {path}", _watcher.Probe(path).Reason);
    }

    [Fact]
    public void Another_file_at_the_same_path_is_the_same_database_and_who_holds_the_old_one_is_named()
    {
        var (path, other) = (_folder["app.duckdb"], _folder["other.duckdb"]);
        using var first = Owner.Of(path);
        first.Do("""{"do":"checkpoint"}""");
        using (var maker = Owner.Of(other)) maker.Close();
        _watcher.PassUntil(() => _watcher.Find(path) is { Holders.Length: 1 });
        var before = _watcher.Probe(path).File!.Identity;

        File.Move(other, path, overwrite: true);
        using var second = Owner.Of(path);
        _watcher.PassUntil(() => _watcher.Find(path)!.Holders is [var holder] && holder.Pid == second.Pid);
        _watcher.PassUntil(() => _watcher.Find(path)!.Note is not null);

        Assert.Contains($"process {first.Pid} (", _watcher.Find(path)!.Note, StringComparison.Ordinal);
        var reading = _watcher.Probe(path);
        Assert.Equal((Presence.Present, true), (reading.Presence, reading.Owned));
        Assert.NotEqual(before, reading.File!.Identity);
        Assert.Equal(path, Assert.Single(_watcher.Appeared.Select(s => s.Id.Path).Distinct()));
    }

    [Fact]
    public void A_path_may_have_any_bytes()
    {
        var inner = _folder["app.duckdb"];
        using (var maker = Owner.Of(inner)) maker.Close();
        byte[] strange = [.. Encoding.UTF8.GetBytes(_folder.Path + "/"), 0xff, (byte)'\n', (byte)'\\', .. ".duckdb"u8];
        Assert.Equal(0, Native.Rename([.. Encoding.UTF8.GetBytes(inner), 0], [.. strange, 0]));

        // .NET can't name such a file; a link that it can name leads to it.
        var link = _folder["link.duckdb"];
        Assert.Equal(0, Native.SymbolicLink([.. strange, 0], [.. Encoding.UTF8.GetBytes(link), 0]));
        using var owner = Owner.Of(link);
        _watcher.PassUntil(() => _watcher.Appeared.Count == 1);

        Assert.Equal(_folder.Path + "/\\xff\\x0a\\x5c.duckdb", _watcher.Appeared[0].Id.Path);
        Assert.Equal((Presence.Present, true), (_watcher.Probe(_watcher.Appeared[0].Id).Presence, _watcher.Probe(_watcher.Appeared[0].Id).Owned));
        File.Delete(link);
        Native.Unlink([.. strange, 0]);
    }

    [Fact]
    public void A_forgotten_database_that_is_held_appears_anew()
    {
        var path = _folder["app.duckdb"];
        using var owner = Owner.Of(path);
        _watcher.PassUntil(() => _watcher.Find(path) is not null);
        _watcher.Discoverer.Forget(Watcher.IdOf(path));
        Assert.Null(_watcher.Find(path));

        _watcher.PassUntil(() => _watcher.Appeared.Count == 2);
        Assert.Equal(owner.Pid, Assert.Single(_watcher.Find(path)!.Holders).Pid);
    }

    [Fact]
    public void What_is_excluded_is_not_found()
    {
        using var watcher = new Watcher(_folder.Path, new DiscoveryOptions("box") { Exclude = [_folder["secret"], "/**/*.tmp.duckdb"] });
        Directory.CreateDirectory(_folder["secret"]);
        using var owner = Owner.Of("--many", _folder["secret"], "2");
        using var other = Owner.Of(_folder["x.tmp.duckdb"]);
        using var third = Owner.Of(_folder["x.duckdb"]);
        watcher.PassUntil(() => watcher.Appeared.Count > 0);

        Assert.Equal(_folder["x.duckdb"], Assert.Single(watcher.Appeared).Id.Path);
    }

    /// <summary>A <c>/proc</c> with these processes and this one, and a lock table that is the test's.</summary>
    private (ProcFolder Proc, string Table) ProcOf(params Owner[] owners)
    {
        var root = Directory.CreateDirectory(_folder["proc"]).FullName;
        var pids = owners.Select(owner => owner.Pid).ToArray();
        foreach (var pid in pids.Append(Environment.ProcessId)) Directory.CreateSymbolicLink($"{root}/{pid}", $"/proc/{pid}");
        var table = $"{root}/locks";
        File.WriteAllLines(table, File.ReadLines("/proc/locks").Where(line => pids.Any(pid => line.Contains($" {pid} ", StringComparison.Ordinal))));
        return (new ProcFolder(root), table);
    }

    private static Discoverer Discover(ProcFolder proc, Func<LookUp, Finding>? examine) =>
        new(new DiscoveryOptions("box"), new Observation.Files.OwnDatabases(), TimeProvider.System, proc, TimeSpan.FromMilliseconds(500), examine);
}

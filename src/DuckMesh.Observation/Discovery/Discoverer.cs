using System.Runtime.InteropServices;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Discovery;

/// <summary>Finds the databases of this host. <see cref="Pass"/> is called by one thread at a time; everything else from any.</summary>
/// <remarks>
/// A pass starts from the lock table, so its cost follows the locks and not the descriptors of a busy host, and what is known is not looked up again. What may change
/// under a lock that stays (its file renamed or deleted, its inode given to another file) is checked in turns, and at once when a probe finds a contradiction.
/// </remarks>
public sealed class Discoverer : IDisposable
{
    /// <summary>Of the locks that are known so many are checked per pass, a system call each: all of a usual host's, and little of a pass on a large one.</summary>
    internal const int ChecksPerPass = 256;

    /// <summary>A lock whose descriptor is not found may be one that is just being given up.</summary>
    private const int MaxMisses = 3;

    /// <summary>A process that did not let us look, or had no descriptor for its lock, is asked again after so many passes: it may have changed its user.</summary>
    private const int RetryPasses = 12;

    /// <summary>A pass waits so long for file systems; what has not answered by then is taken in by a later one.</summary>
    internal static readonly TimeSpan LookDeadline = TimeSpan.FromSeconds(2);

    private readonly DiscoveryOptions _options;
    private readonly ProcFolder _proc;
    private readonly LockTable _table;
    private readonly DescriptorSearch _search;
    private readonly LookUpLanes _lanes;
    private readonly NameRegistry _names;
    private readonly Inventory _inventory;

    private readonly List<HeldLock> _locks = [];
    private readonly Dictionary<LockKey, Held> _held = [];
    private readonly List<Held> _all = [];
    private readonly List<Held> _open = [];
    private readonly Dictionary<LockKey, Held> _wanted = [];
    private readonly List<string> _warnings = [];
    private readonly BlindSpots _blind;
    private readonly WatchWalk[] _walks;
    private int _pass;
    private int _turn;
    private int _looked;

    public Discoverer(DiscoveryOptions options, OwnDatabases own, TimeProvider time)
        : this(options, own, time, new ProcFolder(), LookDeadline, examine: null)
    {
    }

    /// <param name="examine">Stands in for the look at a file, which a test can't make hang otherwise.</param>
    internal Discoverer(DiscoveryOptions options, OwnDatabases own, TimeProvider time, ProcFolder proc, TimeSpan deadline, Func<LookUp, Finding>? examine)
    {
        _options = options;
        _proc = proc;
        FileSystems = new FileSystems(time);
        _table = new LockTable(proc.Root + "/locks");
        _search = new DescriptorSearch(proc);
        _names = new NameRegistry(options.Names, options.NamesFile);
        _inventory = new Inventory(options.Host, _names, FileSystems, proc);
        _blind = new BlindSpots(proc);
        var exclude = new WatchPatternSet(options.Exclude.Select(Parse));
        var examiner = new Examiner(proc, own, exclude, FileSystems, _inventory.PathOf);
        _walks = [.. options.Watch.Select(w => new WatchWalk(Parse(w), exclude, own, FileSystems, _inventory.PathOf))];
        _lanes = new LookUpLanes(examine ?? examiner.Examine, deadline, time);
    }

    /// <summary>Shared by all probes, so that each file system is asked once however many databases it holds.</summary>
    internal FileSystems FileSystems { get; }

    /// <summary>Looks once at the lock table and at the configured globs. Never throws for what it finds on the host.</summary>
    public DiscoveryReport Pass(CancellationToken cancellation)
    {
        _warnings.Clear();
        _looked = 0;
        var entries = _options.Locks ? PassLocks(cancellation) : 0;
        TakeWatched();
        _inventory.CheckContainers();
        _lanes.AddWarnings(_warnings);
        if (_names.Warning is { } warning) _warnings.Add(warning);
        var appeared = _inventory.TakeAppeared(out var present);
        return new DiscoveryReport(appeared, present, _blind.Spots, _warnings.Count == 0 ? [] : [.. _warnings], entries, _looked);
    }

    /// <summary>What is known of a database; null when it was neither found nor adopted.</summary>
    public Sighting? Find(DatabaseId id) => _inventory.Find(id);

    /// <summary>Takes over a database that the ledger remembers, so that it keeps its name and can be probed though nobody holds it.</summary>
    public void Adopt(DatabaseId id, string name, bool configured) => _inventory.Adopt(id, name, configured);

    /// <summary>Drops a database that was forgotten: its name is free again, and when it shows up once more it has appeared.</summary>
    public void Forget(DatabaseId id) => _inventory.Forget(id);

    /// <summary>A probe says what it found, so that a contradiction is looked into at the next pass.</summary>
    internal void Observed(DatabaseId id, Presence presence, FileIdentity? identity) => _inventory.Observed(id, presence, identity);

    internal bool IsReachable(DatabaseId id) => _inventory.IsReachable(id);

    public void Dispose()
    {
        foreach (var walk in _walks) walk.Dispose();
        _lanes.Dispose();
        _names.Dispose();
    }

    private void TakeWatched()
    {
        var literalsKnown = true;
        foreach (var walk in _walks)
        {
            literalsKnown &= walk.WentRound || !walk.IsLiteral;
            _warnings.AddRange(walk.Warnings);
            while (walk.TryTake(out var watched))
            {
                if (watched.Finding is { } finding)
                {
                    _inventory.Place(finding, null, watched.Configured);
                    if (watched.Configured && watched.Path != finding.Path) _inventory.Redirect(watched.Path, finding.Path);
                }
                else
                {
                    _inventory.Expect(watched.Path);
                }
            }
        }

        if (literalsKnown) _inventory.EndConfiguration();
    }

    private static WatchPattern Parse(string text) => WatchPattern.TryParse(text, out var pattern, out var error) ? pattern : throw new ArgumentException(error);

    private int PassLocks(CancellationToken cancellation)
    {
        _pass++;
        var entries = ReadTable(out var error);
        if (error != 0)
        {
            _warnings.Add($"{_proc.Root}/locks could not be read, so no open database is found: {Marshal.GetPInvokeErrorMessage(error)}; mount /proc, or name the files in 'watch'");
            return 0;
        }

        Check();
        Trace(cancellation);
        if (_lanes.Outstanding > 0) _lanes.Wait();
        TakeIn();
        _blind.Update(_inventory);
        return entries;
    }

    // An entry can be missing from one reading of the table (see LockTable); an owner is gone only when it is missing from two.
    private int ReadTable(out int error)
    {
        var entries = Mark(out error);
        if (error == 0 && IsOwnerMissing()) entries = Mark(out error);
        if (error != 0) return entries;
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            if (_all[i].Seen != _pass) End(_all[i]);
        }

        return entries;
    }

    private int Mark(out int error)
    {
        _locks.Clear();
        var entries = _table.Read(_locks, out error);
        foreach (ref readonly var found in CollectionsMarshal.AsSpan(_locks))
        {
            if (found.Pid == Environment.ProcessId) continue;
            ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, found.Key, out _);
            if (held is null)
            {
                held = new Held(found.Key) { Position = _all.Count, ReadOnly = found.ReadOnly };
                _all.Add(held);
                _open.Add(held);
            }

            held.Seen = _pass;
            if (held.ReadOnly != found.ReadOnly)
            {
                held.ReadOnly = found.ReadOnly;
                if (held.Database is { } database) _inventory.Refresh(database);
            }

            if (held.Database is { Forgotten: true }) Restart(held);
        }

        return entries;
    }

    private bool IsOwnerMissing()
    {
        foreach (var held in CollectionsMarshal.AsSpan(_all))
        {
            if (held.Seen != _pass && held.Database is not null) return true;
        }

        return false;
    }

    private void End(Held held)
    {
        _held.Remove(held.Key);
        var last = _all[^1];
        _all[held.Position] = last;
        last.Position = held.Position;
        _all.RemoveAt(_all.Count - 1);
        held.Ended = true;
        if (held.State == HeldState.Blind) _blind.Remove(held);
        _inventory.Release(held);
    }

    private void Restart(Held held)
    {
        if (held.State == HeldState.Blind) _blind.Remove(held);
        if (held.State is HeldState.Looking) return;
        if (held.State is not (HeldState.New or HeldState.Unfinished)) _open.Add(held);
        if (held.Database is { Forgotten: true }) held.Database = null;
        held.State = HeldState.New;
        held.Misses = 0;
    }

    private void Check()
    {
        while (_inventory.TryTakeDoubted(out var database))
        {
            foreach (var held in database.Holders.Concat(database.Ghosts).ToArray()) Restart(held);
        }

        var count = Math.Min(ChecksPerPass, _all.Count);
        for (var i = 0; i < count; i++)
        {
            _turn = _turn + 1 < _all.Count ? _turn + 1 : 0;
            var held = _all[_turn];
            var refused = held.State is HeldState.Untraced or HeldState.Blind;
            var settled = held.State is HeldState.Database or HeldState.Deleted or HeldState.Other;
            if ((refused && _pass - held.Traced >= RetryPasses) || (settled && !_search.Verify(held, out _))) Restart(held);
        }
    }

    private void Trace(CancellationToken cancellation)
    {
        if (_open.Count == 0) return;
        foreach (var held in _open)
        {
            // Looked at again through the descriptor that is known: an empty file may stay one for ever.
            if (held is { State: HeldState.Unfinished, Ended: false }) held.State = _search.Verify(held, out var link) ? Look(held, link.ToArray()) : HeldState.New;
        }

        _open.RemoveAll(static h => h.Ended || h.State != HeldState.New);
        _looked = _open.Count;
        _open.Sort(static (a, b) => a.Key.Pid.CompareTo(b.Key.Pid));
        for (var i = 0; i < _open.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var pid = _open[i].Key.Pid;
            _wanted.Clear();
            for (; i < _open.Count && _open[i].Key.Pid == pid; i++) _wanted[_open[i].Key] = _open[i];
            Trace(pid);
        }

        _open.RemoveAll(static h => h.State != HeldState.New);
    }

    private HeldState Look(Held held, byte[] link) => _lanes.TryAdd(new LookUp(held, link)) ? HeldState.Looking : HeldState.New;

    private void Trace(int pid)
    {
        var started = _proc.StartTicks(pid);
        var error = _search.Find(pid, _wanted, (held, link) =>
        {
            held.StartTicks = started;
            held.LinkHash = Held.Hash(link);
            held.State = Look(held, link);
        });
        foreach (var (_, held) in _wanted)
        {
            held.StartTicks = started;
            held.Traced = _pass;
            if (error is Libc.EACCES or Libc.EPERM)
            {
                held.State = HeldState.Blind;
                _blind.Add(held);
            }
            else if (++held.Misses >= MaxMisses)
            {
                held.State = HeldState.Untraced;
                _inventory.Release(held);
            }
        }
    }

    private void TakeIn()
    {
        var done = new List<LookUp>();
        while (_lanes.TryTake(out var look)) done.Add(look);

        // Of several names of one file that show up together the ordinal smallest is taken, whichever lane was first.
        done.Sort(static (a, b) => string.CompareOrdinal(a.Finding.Path, b.Finding.Path));
        foreach (var look in done)
        {
            var held = look.Held;
            if (held.Ended) continue;
            if (look.Error is not null) _warnings.Add($"{FilePath.FromBytes(look.Link)} could not be looked at: {look.Error}");
            if (held.Database is { Forgotten: true }) held.Database = null;
            held.State = look.Finding.Kind switch
            {
                FindingKind.Vanished => HeldState.New,
                FindingKind.Unfinished => HeldState.Unfinished,
                FindingKind.Database => HeldState.Database,
                _ => HeldState.Other,
            };
            if (look.Finding.Kind is FindingKind.Database or FindingKind.Deleted) _inventory.Place(look.Finding, held, configured: false);
            else if (held.State != HeldState.New) _inventory.Release(held);
            if (held.State is HeldState.New or HeldState.Unfinished) _open.Add(held);
        }
    }
}

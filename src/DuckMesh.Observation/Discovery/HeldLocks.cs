using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Follows the locks that processes hold: which are new, which have ended, and which have come to mean another file. What may change under a lock that stays
/// (its file renamed or deleted, its inode given to another file) is checked in turns, and at once when a probe finds a contradiction. Used by the thread of the pass.
/// </summary>
internal sealed class HeldLocks(ProcFolder proc, Inventory inventory, LookUpLanes lanes)
{
    /// <summary>Of the locks that are known so many are checked per pass, a system call each: all of a usual host's, and little of a pass on a large one.</summary>
    private const int ChecksPerPass = 256;

    /// <summary>A lock whose descriptor is not found may be one that is just being given up.</summary>
    private const int MaxMisses = 3;

    /// <summary>A process that did not let us look, or had no descriptor for its lock, is asked again after so many passes: it may have changed its user.</summary>
    private const int RetryPasses = 12;

    private readonly LockTable _table = new(proc.Root + "/locks");
    private readonly DescriptorSearch _search = new(proc);
    private readonly BlindSpots _blind = new(proc);
    private readonly List<HeldLock> _locks = [];
    private readonly Dictionary<LockKey, Held> _held = [];
    private readonly List<Held> _all = [];
    private readonly List<Held> _open = [];
    private readonly Dictionary<LockKey, Held> _wanted = [];
    private int _pass;
    private int _turn;
    private volatile bool _readable;
    private volatile bool _settled;

    public ImmutableArray<BlindSpot> BlindSpots => _blind.Spots;

    /// <summary>The last reading of the table worked.</summary>
    public bool Readable => _readable;

    /// <summary>The locks that there were at the start are looked up, but for those whose file systems hang; or the table can't be read.</summary>
    public bool Settled => _settled;

    /// <summary>How many locks had to be looked up at the last pass.</summary>
    public int Looked { get; private set; }

    /// <summary>Looks at the lock table once. Returns how many entries it had.</summary>
    public int Pass(List<string> warnings, CancellationToken cancellation)
    {
        _pass++;
        Looked = 0;
        var entries = ReadTable(out var error);
        _readable = error == 0;
        if (!_readable)
        {
            _settled = true;
            warnings.Add($"{proc.Root}/locks could not be read, so no open database is found: {Marshal.GetPInvokeErrorMessage(error)}; mount /proc, or name the files in 'watch'");
            return 0;
        }

        Check();
        Trace(cancellation);
        if (lanes.Outstanding > 0) lanes.Wait();
        var taken = TakeIn(warnings);
        _blind.Update(inventory);
        if (lanes.Outstanding == 0 || taken == 0) _settled = true;
        return entries;
    }

    // An entry can be missing from a reading of the table (see LockTable), more often the longer the table is and the more others lock: the descriptor has the last word.
    private int ReadTable(out int error)
    {
        var entries = Mark(out error);
        if (error != 0) return entries;
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            var held = _all[i];
            if (held.Seen == _pass) continue;
            if (_search.IsHeld(held)) held.Seen = _pass;
            else End(held);
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
                if (held.Database is { } database) inventory.Refresh(database);
            }

            if (held.Database is { Forgotten: true }) Restart(held);
        }

        return entries;
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
        inventory.Release(held);
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
        while (inventory.TryTakeDoubted(out var database))
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
            if (settled && !_search.Verify(held, out _)) Restart(held);
            if (!refused || _pass - held.Traced < RetryPasses) continue;
            Restart(held);
            held.Misses = MaxMisses - 1;
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
        Looked = _open.Count;
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

    private HeldState Look(Held held, byte[] link) => lanes.TryAdd(new LookUp(held, link)) ? HeldState.Looking : HeldState.New;

    private void Trace(int pid)
    {
        var started = proc.StartTicks(pid);
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
            var refused = error is Libc.EACCES or Libc.EPERM;
            if (!refused && ++held.Misses < MaxMisses) continue;

            // A process that has a lock pass after pass and is not there is hidden from us (the mount option hidepid of /proc).
            held.State = refused || error == Libc.ENOENT ? HeldState.Blind : HeldState.Untraced;
            if (held.State == HeldState.Blind) _blind.Add(held);
            else inventory.Release(held);
        }
    }

    private int TakeIn(List<string> warnings)
    {
        var done = new List<LookUp>();
        while (lanes.TryTake(out var look)) done.Add(look);

        // Of several names of one file that show up together the ordinal smallest is taken, whichever lane was first.
        done.Sort(static (a, b) => string.CompareOrdinal(a.Finding.Path, b.Finding.Path));
        foreach (var look in done)
        {
            var held = look.Held;
            if (held.Ended) continue;
            if (look.Error is not null) warnings.Add($"{FilePath.FromBytes(look.Link)} could not be looked at: {look.Error}");
            if (held.Database is { Forgotten: true }) held.Database = null;
            held.State = look.Finding.Kind switch
            {
                FindingKind.Vanished => HeldState.New,
                FindingKind.Unfinished => HeldState.Unfinished,
                FindingKind.Database => HeldState.Database,
                _ => HeldState.Other,
            };
            if (look.Finding.Kind is FindingKind.Database or FindingKind.Deleted) inventory.Place(look.Finding, held, configured: false);
            else if (held.State != HeldState.New) inventory.Release(held);
            if (held.State is HeldState.New or HeldState.Unfinished) _open.Add(held);
        }

        return done.Count;
    }
}

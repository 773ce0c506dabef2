using System.Collections.Immutable;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Discovery;

/// <summary>Finds the databases of this host. <see cref="Pass"/> is called by one thread at a time; everything else from any.</summary>
/// <remarks>
/// A pass starts from the lock table, so its cost follows the locks and not the descriptors of a busy host, and what is known is not looked up again. The folders
/// that globs name are walked by threads of their own; a pass only takes in what they found.
/// </remarks>
public sealed class Discoverer : IDisposable
{
    /// <summary>A pass waits so long for file systems; what has not answered by then is taken in by a later one.</summary>
    internal static readonly TimeSpan LookDeadline = TimeSpan.FromSeconds(2);

    private readonly LookUpLanes _lanes;
    private readonly NameRegistry _names;
    private readonly Inventory _inventory;
    private readonly HeldLocks? _locks;
    private readonly WatchWalk[] _walks;
    private readonly List<string> _warnings = [];

    public Discoverer(DiscoveryOptions options, OwnDatabases own, TimeProvider time)
        : this(options, own, time, new ProcFolder(), LookDeadline, examine: null)
    {
    }

    /// <param name="examine">Stands in for the look at a file, which a test can't make hang otherwise.</param>
    internal Discoverer(DiscoveryOptions options, OwnDatabases own, TimeProvider time, ProcFolder proc, TimeSpan deadline, Func<LookUp, Finding>? examine)
    {
        FileSystems = new FileSystems(time);
        _names = new NameRegistry(options.Names, options.NamesFile);
        _inventory = new Inventory(options.Host, _names, FileSystems, proc);
        var exclude = new WatchPatternSet(options.Exclude.Select(Parse));
        var examiner = new Examiner(proc, own, exclude, FileSystems, _inventory.PathOf);
        _walks = [.. Group(options.Watch).Select(patterns => new WatchWalk(patterns, exclude, own, FileSystems, _inventory.PathOf, time))];
        _lanes = new LookUpLanes(examine ?? examiner.Examine, deadline, time);
        _locks = options.Locks ? new HeldLocks(proc, _inventory, _lanes) : null;
    }

    /// <summary>Shared by all probes, so that each file system is asked once however many databases it holds.</summary>
    internal FileSystems FileSystems { get; }

    /// <summary>Who holds a database is known by now, as far as it can be. Before that a look would take a database that is held for one that nobody holds.</summary>
    public bool IsSettled => _locks is null or { Settled: true };

    /// <summary>Owners can be told: the lock table is followed, and could be read.</summary>
    internal bool SeesOwners => _locks is { Readable: true };

    /// <summary>Looks once at the lock table and at what the walks found. Never throws for what it finds on the host.</summary>
    public DiscoveryReport Pass(CancellationToken cancellation)
    {
        _warnings.Clear();
        var entries = _locks?.Pass(_warnings, cancellation) ?? 0;
        TakeWatched();
        _inventory.CheckContainers();
        _lanes.AddWarnings(_warnings);
        if (_names.Warning is { } warning) _warnings.Add(warning);
        var appeared = _inventory.TakeAppeared(out var present);
        return new DiscoveryReport(appeared, present, _locks?.BlindSpots ?? [], _warnings.Count == 0 ? [] : [.. _warnings], entries, _locks?.Looked ?? 0);
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

    // A walk, and so a thread, for each glob; but one for all paths of a mount, of which there may be hundreds.
    private IEnumerable<ImmutableArray<WatchPattern>> Group(ImmutableArray<string> watch)
    {
        var patterns = watch.Select(Parse).ToLookup(p => p.IsLiteral);
        var literals = patterns[true].GroupBy(p => FileSystems.Mounts().FindByPath(p.LiteralPath)?.MountPoint);
        return [.. patterns[false].Select(p => ImmutableArray.Create(p)), .. literals.Select(g => g.ToImmutableArray())];
    }

    private void TakeWatched()
    {
        var literalsKnown = true;
        foreach (var walk in _walks)
        {
            literalsKnown &= walk.WentRound || !walk.IsLiteral;
            walk.AddWarnings(_warnings);
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

            // Expected all the same: whether it is there can't be seen, and that is what its probe will say.
            if (!walk.IsLiteral || !walk.IsStuck) continue;
            foreach (var pattern in walk.Unanswered) _inventory.Expect(pattern.LiteralPath);
        }

        if (literalsKnown) _inventory.EndConfiguration();
    }

    private static WatchPattern Parse(string text) => WatchPattern.TryParse(text, out var pattern, out var error) ? pattern : throw new ArgumentException(error);
}

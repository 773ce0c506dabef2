using System.Collections.Immutable;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Cells;

/// <summary>
/// What a cell has decided and not yet stored, besides transitions. Each kind is idempotent when applied, so after a failed write all of it is simply written
/// again; the newest word on a database replaces the older, which bounds it by the number of databases.
/// </summary>
public sealed class PendingDecisions
{
    /// <summary>Owned time is luggage, not news: it waits for company this many quiet rounds (of one interval each).</summary>
    private const int OwnedEveryRounds = 12;

    private readonly Dictionary<DatabaseId, FoundDatabase> _found = [];
    private readonly Dictionary<DatabaseId, DateTimeOffset?> _gone = [];
    private readonly Dictionary<DatabaseId, double> _owned = [];
    private readonly HashSet<DatabaseId> _forgotten = [];
    private long? _open;
    private long? _announced;
    private ImmutableArray<CellEvent> _sent = [];
    private int _rounds;
    private bool _ownedDue;
    public bool IsEmpty => _sent.IsEmpty && _found.Count == 0 && _gone.Count == 0 && _forgotten.Count == 0 && _open is null && _announced is null && !(_ownedDue && _owned.Count > 0);

    public void Found(IEnumerable<FoundDatabase> databases)
    {
        foreach (var d in databases)
        {
            _found[d.Id] = d;
            _forgotten.Remove(d.Id);
        }
    }

    public void Gone(DatabaseId database, DateTimeOffset? since) => _gone[database] = since;

    public void Owned(DatabaseId database, double seconds) => _owned[database] = seconds;

    public void Forget(DatabaseId database) => _forgotten.Add(database);

    /// <summary>Once a round of slices: notes what was announced, when there is nothing else to carry it, and lets owned time go.</summary>
    public void Quiet(long heard, ImmutableArray<StoredTransition> unannounced)
    {
        if (unannounced.Length > 0 && unannounced[0].No <= heard) _announced = heard;
        if (++_rounds < OwnedEveryRounds) return;
        _rounds = 0;
        _ownedDue = true;
    }

    /// <summary>The events to write now. They count as sent until <see cref="Stored"/> or <see cref="Recovered"/>.</summary>
    public ImmutableArray<CellEvent>.Builder Send(DateTimeOffset now)
    {
        var events = ImmutableArray.CreateBuilder<CellEvent>();
        events.AddRange(_sent);
        if (_open is { } incarnation) events.Add(new CellEvent.Opened(incarnation, now));
        if (_found.Count > 0) events.Add(new CellEvent.Discovered([.. _found.Values], now));
        if (_gone.Count > 0) events.Add(new CellEvent.Gone([.. _gone.Select(g => new CellEvent.Presence(g.Key, g.Value))]));
        if (_owned.Count > 0) events.Add(new CellEvent.Owned([.. _owned.Select(o => new CellEvent.OwnedTime(o.Key, o.Value))]));
        if (_forgotten.Count > 0) events.Add(new CellEvent.Forgotten([.. _forgotten], now));
        if (_announced is { } through) events.Add(new CellEvent.Announced(through));
        _open = _announced = null;
        _ownedDue = false;
        _found.Clear();
        _gone.Clear();
        _owned.Clear();
        _forgotten.Clear();
        _sent = events.ToImmutable();
        return events;
    }

    public void Stored() => _sent = [];

    /// <summary>A new life of the cell begins.</summary>
    public void Open(long incarnation) => _open = incarnation;
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Cluster.Notifier;
using DuckMesh.Cluster.Supervision;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Cells;

/// <summary>
/// A bucket of one host's databases: which exist, their supervisors, the ticks, and the transitions between proposal and announcement. Not persistent itself:
/// its child, the ledger, is, and may die with the journal while everything here goes on. It never sees a sample.
/// Invariant: one write is under way at a time, and what waits meanwhile becomes one event.
/// </summary>
public sealed class CellActor : UntypedActor, IWithTimers
{
    /// <summary>Transitions waiting in one cell: 20 for each of some 250 databases; beyond it the journal has been down long, and databases are reconciled afterwards.</summary>
    public const int MaxWaiting = 5_000;

    /// <summary>Transitions in one stored event: 217 bytes each, so an event stays near 100 KB.</summary>
    public const int MaxInEvent = 500;

    /// <summary>The journal's silence after which a transition is announced unrecorded: a pager must not wait for a database (fail open).</summary>
    public static readonly TimeSpan FailOpenAfter = TimeSpan.FromSeconds(10);

    /// <summary>Databases are probed in slices, so that an interval's work is spread; a second is fine enough and wakes an idle node rarely.</summary>
    private static readonly TimeSpan SliceEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LedgerBackoff = TimeSpan.FromSeconds(0.5);

    /// <summary>Cap of the doubling: after the journal's return nobody waits longer.</summary>
    private static readonly TimeSpan LedgerBackoffMax = TimeSpan.FromSeconds(5);

    private const double LedgerBackoffJitter = 0.2;

    /// <summary>An empty cell leaves, or it would be remembered for ever.</summary>
    private static readonly TimeSpan LeaveWhenEmptyFor = TimeSpan.FromSeconds(3);

    /// <summary>At hand-off: how long what waits may take to be stored.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);

    private readonly string _cell;
    private readonly CellContext _context;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly TransitionQueue _queue = new(MaxWaiting);
    private readonly Dictionary<DatabaseId, IActorRef> _supervisors = [];
    private readonly List<IActorRef>[] _slices;
    private readonly PendingDecisions _decisions = new();

    private IActorRef? _ledger;
    private CellState _state = CellState.Empty;
    private TimeSpan _backoff = LedgerBackoff;
    private bool _ready;
    private bool _storing;
    private bool _leaving;
    private long _heard;
    private long _unrecordedThrough;
    private DateTimeOffset? _stalledSince;
    private DateTimeOffset? _emptySince;
    private int _slice;

    /// <summary>The incarnation of this life, and so the number that an edge knows it by; 0 before the story was read.</summary>
    private long _fence;

    public CellActor(string cell, CellContext context)
    {
        _cell = cell;
        _context = context;
        _slices = new List<IActorRef>[Math.Max(1, (int)Math.Round(context.Settings.Interval / SliceEvery))];
        for (var i = 0; i < _slices.Length; i++) _slices[i] = [];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _context.Time.GetUtcNow();

    protected override void PreStart()
    {
        _context.Status.CellStarted();
        Timers.StartPeriodicTimer("slice", CellProtocol.Slice.Instance, SliceEvery);
        StartLedger();
    }

    protected override void PostStop()
    {
        _context.Status.CellStopped();
        _context.Status.Journal.Works(_cell);
        _context.Metrics.TransitionsWaiting.Dec(_queue.Count);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(10, TimeSpan.FromMinutes(1), cause =>
    {
        _log.Error(cause, "{Cell}: a supervisor failed and is restarted", _cell);
        return Directive.Restart;
    });

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CellProtocol.Slice: OnSlice(); break;
            case CellProtocol.Propose m: OnPropose(m); break;
            case LedgerProtocol.Stored m: OnStored(m); break;
            case CellProtocol.Announced m: _heard = Math.Max(_heard, m.Through); break;
            case CellProtocol.Found m: OnFound(m); break;
            case CellProtocol.Started m: OnStarted(m); break;
            case CellProtocol.Introduce m: OnIntroduce(m); break;
            case EdgeProtocol.Refused m: OnRefused(m); break;
            case CellProtocol.NoteOwned m: _decisions.Owned(m.Database, m.Seconds); break;
            case CellProtocol.NoteGone m: _decisions.Gone(m.Database, m.Since); Flush(); break;
            case CellProtocol.Forget m: _decisions.Forget(m.Database); Flush(); break;
            case LedgerProtocol.Recovered m when IsLedger(Sender): OnRecovered(m); break;
            case LedgerProtocol.Failed m: OnLedgerFailed(m); break;
            case Terminated t when IsLedger(t.ActorRef): OnLedgerGone(); break;
            case Terminated t: OnSupervisorGone(t.ActorRef); break;
            case CellProtocol.StartLedger: StartLedger(); break;
            case CellProtocol.Leave: OnLeave(); break;
            case ReceiveTimeout: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    private bool IsLedger(IActorRef actor) => actor.Equals(_ledger);

    private void OnFound(CellProtocol.Found found)
    {
        var known = found.Databases.Where(d => IsKnown(d) && _supervisors.ContainsKey(d.Id)).Select(d => d.Id).ToImmutableArray();
        _decisions.Found(found.Databases.Where(d => !IsKnown(d)));
        if (known.Length > 0)
        {
            _context.Edge.Tell(new EdgeProtocol.Known(_cell, known, _fence));
            foreach (var id in known) _supervisors[id].Tell(SupervisorProtocol.Look.Instance);
        }

        Flush();
    }

    private bool IsKnown(FoundDatabase found) =>
        _state.Databases.TryGetValue(found.Id, out var known) && known.Name == found.Name && known.Configured == found.Configured;

    private void OnPropose(CellProtocol.Propose m)
    {
        if (_queue.Add(m.Transition)) _context.Metrics.TransitionsWaiting.Inc();
        else _context.Metrics.TransitionsRefused.Inc();
        Flush();
    }

    private void Flush()
    {
        if (!_ready || _storing || (!_queue.HasWaiting && _decisions.IsEmpty)) return;
        var events = _decisions.Send(Now);
        var items = _queue.Send(MaxInEvent);
        if (items.Length > 0) events.Add(new CellEvent.Transitions(items, _heard));
        _storing = true;
        _stalledSince ??= Now;
        _ledger!.Tell(new LedgerProtocol.Store(events.ToImmutable()));
    }

    private void OnStored(LedgerProtocol.Stored m)
    {
        _storing = false;
        _stalledSince = null;
        _backoff = LedgerBackoff;
        _state = m.State;
        _context.Status.Journal.Works(_cell);
        _decisions.Stored();
        var items = _queue.Stored();
        _context.Metrics.TransitionsWaiting.Dec(items.Length);
        Announce(items, unrecorded: false);
        MatchSupervisors();
        Flush();
        if (_queue.TakeOverflow()) foreach (var database in _state.Databases.Values) _supervisors.GetValueOrDefault(database.Id)?.Tell(new SupervisorProtocol.Reconcile(database));
        if (_leaving && !_storing) Context.Stop(Self);
    }

    private void OnRecovered(LedgerProtocol.Recovered m)
    {
        _ready = true;
        _storing = false;
        _state = m.State;
        var before = _queue.Count;
        _queue.Recovered(m.State.LastNo);
        _context.Metrics.TransitionsWaiting.Dec(before - _queue.Count);
        if (_fence == 0) _decisions.Open(_fence = m.State.Incarnation + 1);
        Announce(m.State.Unannounced, unrecorded: false);
        _context.Edge.Tell(new EdgeProtocol.Adopt(_cell, [.. _state.Databases.Values.Select(Found)], _fence));
        MatchSupervisors();
        Flush();
        if (_storing) return; // reading works; whether writing does, the answer will tell
        _stalledSince = null;
        _context.Status.Journal.Works(_cell);
    }

    private void Announce(ImmutableArray<StoredTransition> items, bool unrecorded)
    {
        if (items.Length > 0) _context.Notifier.Tell(new NotifierProtocol.Announce(_cell, items, unrecorded));
    }

    /// <summary>Starts the supervisors of what was discovered, stops those of what was forgotten.</summary>
    private void MatchSupervisors()
    {
        foreach (var database in _state.Databases.Values.Where(d => !_supervisors.ContainsKey(d.Id))) StartSupervisor(database);
        foreach (var id in _supervisors.Keys.Where(id => !_state.Databases.ContainsKey(id)).ToArray()) StopSupervisor(id);
    }

    private void StartSupervisor(StoredDatabase database)
    {
        var supervisor = Context.ActorOf(database.Id.IsHost
            ? Produced.Props(() => new HostSupervisor(database.Id, _context))
            : Produced.Props(() => new DatabaseSupervisor(database.Id, _context)));
        Context.Watch(supervisor);
        _supervisors[database.Id] = supervisor;
        _slices[(int)((uint)database.Id.Value.GetHashCode(StringComparison.Ordinal) % (uint)_slices.Length)].Add(supervisor);
        _context.Edge.Tell(new EdgeProtocol.Known(_cell, [database.Id], _fence));
        _context.Metrics.Supervisors.Inc();
    }

    private void StopSupervisor(DatabaseId id)
    {
        var supervisor = _supervisors[id];
        _context.Edge.Tell(new EdgeProtocol.Forget(id, _fence));
        Drop(id, supervisor);
        Context.Unwatch(supervisor);
        Context.Stop(supervisor);
    }

    private void Drop(DatabaseId id, IActorRef supervisor)
    {
        _supervisors.Remove(id);
        foreach (var slice in _slices) slice.Remove(supervisor);
        _context.Metrics.Supervisors.Dec();
    }

    /// <summary>A supervisor that failed too often was stopped: it is started anew, and its evaluator gets its episodes back.</summary>
    private void OnSupervisorGone(IActorRef supervisor)
    {
        var id = _supervisors.FirstOrDefault(s => s.Value.Equals(supervisor)).Key;
        if (id is null) return;
        Drop(id, supervisor);
        MatchSupervisors();
    }

    private void OnStarted(CellProtocol.Started m)
    {
        if (!_state.Databases.TryGetValue(m.Database, out var database)) return;
        foreach (var waiting in _queue.Unstored.Where(t => t.Transition.Database == m.Database)) database = database.With(waiting.Transition);
        Sender.Tell(new SupervisorProtocol.Resume(database, _fence));
    }

    private void OnIntroduce(CellProtocol.Introduce m)
    {
        if (_state.Databases.TryGetValue(m.Database, out var database)) _context.Edge.Tell(new EdgeProtocol.Adopt(_cell, [Found(database)], _fence));
    }

    private static FoundDatabase Found(StoredDatabase database) => new(database.Id, database.Name, database.Configured);

    /// <summary>A newer life of this cell runs elsewhere: this one is over, and must not write into its story any more.</summary>
    private void OnRefused(EdgeProtocol.Refused m)
    {
        if (m.Newest <= _fence) return;
        _log.Warning("{Cell}: life {Fence} ends, the host's edge has heard of life {Newest}", _cell, _fence, m.Newest);
        Context.Stop(Self);
    }

    private void OnSlice()
    {
        _slice = (_slice + 1) % _slices.Length;
        foreach (var supervisor in _slices[_slice]) supervisor.Tell(SupervisorProtocol.Look.Instance);
        if (_slice == 0 && !_storing) _decisions.Quiet(_heard, _state.Unannounced);
        Flush();
        FailOpen();
        LeaveIfEmpty();
    }

    /// <summary>The journal has been silent too long: what waits is announced all the same, under the ids it will be stored under.</summary>
    private void FailOpen()
    {
        if (_stalledSince is not { } since || Now - since < FailOpenAfter || _queue.Count == 0) return;
        var items = _queue.Unstored.Where(t => t.No > _unrecordedThrough).ToImmutableArray();
        if (items.IsEmpty) return;
        _unrecordedThrough = items[^1].No;
        Announce(items, unrecorded: true);
    }

    private void LeaveIfEmpty()
    {
        var empty = _ready && !_storing && _supervisors.Count == 0 && _queue.Count == 0 && _decisions.IsEmpty && _state.Unannounced.All(t => t.No <= _heard);
        _emptySince = empty ? _emptySince ?? Now : null;
        if (_emptySince is { } since && Now - since >= LeaveWhenEmptyFor) Context.Parent.Tell(new Passivate(CellProtocol.Leave.Instance));
    }

    private void OnLeave()
    {
        _leaving = true;
        Timers.Cancel("slice");
        foreach (var supervisor in _supervisors.Values) Context.Stop(supervisor);
        Flush();
        if (!_storing) Context.Stop(Self);
        else Context.SetReceiveTimeout(LeaveWithin);
    }

    private void StartLedger()
    {
        _ledger = Context.ActorOf(Produced.Props(() => new LedgerActor(_cell, _context.Metrics)));
        Context.Watch(_ledger);
    }

    private void OnLedgerFailed(LedgerProtocol.Failed m)
    {
        _log.Warning("{Cell}: the journal failed, transitions wait: {Reason}", _cell, m.Reason);
        _context.Status.Journal.Failed(_cell, m.Reason);
    }

    private void OnLedgerGone()
    {
        _ready = _storing = false;
        _stalledSince ??= Now;
        if (_leaving)
        {
            Context.Stop(Self);
            return;
        }

        var jitter = 1 + (((Random.Shared.NextDouble() * 2) - 1) * LedgerBackoffJitter);
        Timers.StartSingleTimer("ledger", CellProtocol.StartLedger.Instance, _backoff * jitter);
        _backoff = _backoff * 2 < LedgerBackoffMax ? _backoff * 2 : LedgerBackoffMax;
    }
}

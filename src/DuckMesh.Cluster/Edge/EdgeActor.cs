using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using DuckMesh.Cluster.Cells;
using DuckMesh.Model.Databases;
using DuckMesh.Observation;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Cluster.Edge;

/// <summary>
/// The part of a node that touches its host. It announces what discovery finds until the cells know it, and has databases looked at by threads of their own;
/// it decides nothing.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "An actor's end is PostStop, which disposes them.")]
public sealed class EdgeActor : UntypedActor
{
    private readonly NodeStatus _status;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Discoverer _discoverer;
    private readonly ProbeLanes _lanes;
    private readonly Dictionary<DatabaseId, FoundDatabase> _unknown = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<string> _warned = [];
    private readonly Fences _fences = new();
    private readonly DatabaseId _host;
    private DiscoveryLoop? _loop;
    private IActorRef _region = ActorRefs.Nobody;

    public EdgeActor(MonitorSettings settings, OwnDatabases own, NodeStatus status, NodeMetrics metrics, TimeProvider time)
    {
        _status = status;
        _metrics = metrics;
        _time = time;
        _interval = settings.Interval;
        _host = DatabaseId.OfHost(settings.Host);
        _discoverer = new Discoverer(
            new DiscoveryOptions(settings.Host)
            {
                Locks = settings.Discover,
                Watch = settings.Watch,
                Exclude = settings.Exclude,
                Names = settings.Names,
                NamesFile = Path.Combine(settings.DataFolder, "names.jsonl"),
            },
            own,
            time);
        var shared = new ProbeSources(_discoverer, new ProcessReader(time), own, time);
        _lanes = new ProbeLanes(Find, shared.SlotOf, metrics, time);
    }

    protected override void PostStop()
    {
        _loop?.Dispose();
        _lanes.Dispose();
        _discoverer.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IEdgeRequest m when _fences.NewerThan(m) is { } newest: Sender.Tell(new EdgeProtocol.Refused(m.Cell, newest)); break;
            case EdgeProtocol.Probe m: OnProbe(m); break;
            case EdgeProtocol.PassEnded m: OnPass(m); break;
            case EdgeProtocol.PassFailed m: _log.Error(m.Cause, "discovery failed and is tried again at the next interval"); break;
            case EdgeProtocol.Known m: OnKnown(m); break;
            case EdgeProtocol.Adopt m: OnAdopt(m); break;
            case EdgeProtocol.Forget m: OnForget(m.Database); break;
            case EdgeProtocol.StartDiscovery m: OnStart(m); break;
            default: Unhandled(message); break;
        }
    }

    private void OnStart(EdgeProtocol.StartDiscovery m)
    {
        _region = m.Region;
        _unknown[_host] = new FoundDatabase(_host, _host.Host, Configured: true);
        var self = Self;
        _loop ??= new DiscoveryLoop(_discoverer, _interval, result => self.Tell(result), _time);
    }

    private void OnProbe(EdgeProtocol.Probe m)
    {
        var (sender, self) = (Sender, Self);
        _lanes.Ask(m.Database, _time.GetUtcNow() + m.Within, answer => sender.Tell(answer, self));
    }

    // A node that starts again is asked about what its ledger remembers before it has seen who holds that: until then it does not know the database.
    private Sighting? Find(DatabaseId id) => _discoverer.Find(id) is { } sighting && (_discoverer.IsSettled || !sighting.Holders.IsEmpty) ? sighting : null;

    private void OnPass(EdgeProtocol.PassEnded m)
    {
        _status.Discovery = m.Report;
        _metrics.DiscoverySeconds.Observe(m.Took.TotalSeconds);
        _metrics.DiscoveryLocks.Set(m.Report.Locks);
        _metrics.DiscoveryLooked.Inc(m.Report.Looked);
        _metrics.BlindSpots.Set(m.Report.BlindSpots.Length);
        foreach (var warning in m.Report.Warnings.Where(_warned.Add)) _log.Warning("discovery: {Warning}", warning);
        foreach (var s in m.Report.Appeared) _unknown[s.Id] = new FoundDatabase(s.Id, s.Name, s.Configured);
        Announce();
    }

    /// <summary>
    /// Repeated at each pass until known. Not while the journal is down: a cell that can't be remembered takes its shard, and all cells in it, down with it.
    /// </summary>
    private void Announce()
    {
        if (_unknown.Count == 0 || _status.JournalError is not null) return;
        foreach (var cell in _unknown.Values.GroupBy(d => CellId.Of(d.Id)))
        {
            _region.Tell(new CellProtocol.Found(cell.Key, [.. cell]));
        }
    }

    private void OnKnown(EdgeProtocol.Known m)
    {
        foreach (var id in m.Databases) _unknown.Remove(id);
    }

    private void OnAdopt(EdgeProtocol.Adopt m)
    {
        foreach (var d in m.Databases.Where(d => !d.Id.IsHost)) _discoverer.Adopt(d.Id, d.Name, d.Configured);
    }

    private void OnForget(DatabaseId database)
    {
        _unknown.Remove(database);
        _lanes.Forget(database);
        _discoverer.Forget(database);
    }

    /// <summary>What all probes of a host share.</summary>
    private sealed record ProbeSources(Discoverer Discoverer, ProcessReader Processes, OwnDatabases Own, TimeProvider Time)
    {
        public ProbeSlot SlotOf(DatabaseId id)
        {
            var probe = new DatabaseProbe(id, Discoverer, Processes, Own, Time);
            return new ProbeSlot(probe.Read, probe.Dispose);
        }
    }
}

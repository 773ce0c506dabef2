using System.Collections.Immutable;
using Akka.Actor;
using DuckMesh.Cluster.Supervision;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Cluster.Exporter;

/// <summary>
/// Keeps the newest batch and the episodes of each database whose supervisor runs on this node. Answers <see cref="GetFleet"/>: who renders or lists works on an
/// immutable snapshot and holds nobody up.
/// </summary>
public sealed class ExporterActor(NodeMetrics metrics, TimeProvider time) : UntypedActor, IWithTimers
{
    /// <summary>How often the counts by state are written to the node's own metrics.</summary>
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<DatabaseId, DatabaseView> _views = [];
    private FleetSnapshot? _snapshot;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("count", Count.Instance, CountEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SupervisorProtocol.Collected { Batch: var batch } when _views.TryGetValue(batch.Database.Id, out var view):
                Put(view with { Database = batch.Database, Latest = batch });
                break;
            case ExporterProtocol.AlertsChanged changed when _views.TryGetValue(changed.Database, out var view):
                Put(view with { Episodes = changed.Episodes, NoData = changed.NoData });
                break;
            case ExporterProtocol.Watched { Database: var d }:
                var description = new DatabaseDescription(d.Id, d.Name, DatabaseState.Unknown, d.Configured, null);
                Put(new DatabaseView(description, null, [.. d.Open.Reverse(), .. d.Resolved], []));
                break;
            case ExporterProtocol.Unwatched unwatched:
                _views.Remove(unwatched.Database);
                _snapshot = null;
                break;
            case GetFleet:
                Sender.Tell(_snapshot ??= Snapshot());
                break;
            case Count:
                CountStates();
                break;
            case SupervisorProtocol.Collected or ExporterProtocol.AlertsChanged:
                break; // a last word of a supervisor that has stopped
            default:
                Unhandled(message);
                break;
        }
    }

    private FleetSnapshot Snapshot()
    {
        var ofHosts = _views.Values.ToLookup(v => v.Database.Id.IsHost);
        return new FleetSnapshot(time.GetUtcNow(), [.. ofHosts[false]]) { Hosts = [.. ofHosts[true]] };
    }

    private void Put(DatabaseView view)
    {
        _views[view.Database.Id] = view;
        _snapshot = null;
    }

    private void CountStates()
    {
        var counts = new int[Enum.GetValues<DatabaseState>().Length];
        foreach (var view in _views.Values.Where(v => !v.Database.Id.IsHost)) counts[(int)view.Database.State]++;
        foreach (var state in Enum.GetValues<DatabaseState>()) metrics.Databases.WithLabels(StateName(state)).Set(counts[(int)state]);
        metrics.ExporterQueue.Set(((ActorCell)Context).NumberOfMessages);
    }

    private static string StateName(DatabaseState state) => state.ToString().ToLowerInvariant();

    private sealed record Count : INoSerializationVerificationNeeded
    {
        public static readonly Count Instance = new();
    }
}

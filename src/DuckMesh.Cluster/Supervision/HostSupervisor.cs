using Akka.Actor;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Cluster.Supervision;

/// <summary>
/// A host's supervisor: sees whether the host has a node, and feeds that to an alert evaluator like any other. It lives in a cell of its host, so that it moves to
/// another node when the host is lost, and says so there.
/// </summary>
public sealed class HostSupervisor(DatabaseId id, CellContext context) : UntypedActor
{
    private IActorRef? _alerts;

    protected override void PreStart() => Context.Parent.Tell(new CellProtocol.Started(id));

    protected override void PostStop()
    {
        context.Exporter.Tell(new ExporterProtocol.Unwatched(id));
        context.Metrics.HostUp.RemoveLabelled(id.Host);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SupervisorProtocol.Look:
                context.Edge.Tell(new EdgeProtocol.See(id.Host));
                break;
            case EdgeProtocol.HostSeen seen:
                context.Metrics.HostUp.WithLabels(id.Host).Set(seen.Up ? 1 : 0);
                _alerts?.Tell(new SupervisorProtocol.Collected(Of(seen)));
                break;
            case SupervisorProtocol.Proposed proposed:
                Context.Parent.Tell(new CellProtocol.Propose(proposed.Transition));
                break;
            case SupervisorProtocol.Reconcile:
                _alerts?.Tell(message);
                break;
            case SupervisorProtocol.Resume resume when _alerts is null:
                context.Exporter.Tell(new ExporterProtocol.Watched(resume.Database));
                _alerts = Context.ActorOf(Produced.Props(() => new AlertEvaluator(resume.Database, HostRules.BuiltIn, context)));
                Self.Tell(SupervisorProtocol.Look.Instance);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private Batch Of(EdgeProtocol.HostSeen seen)
    {
        var values = Batch.NoValues();
        values[MetricCatalog.Up.Index] = seen.Up ? 1 : 0;
        return new Batch(new DatabaseDescription(id, id.Host, seen.Up ? DatabaseState.Up : DatabaseState.Down, Expected: true, null), context.Time.GetUtcNow(), values);
    }
}

using Akka.Actor;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Sync;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Supervision;

/// <summary>One database's supervisor: knows its identity, starts its collector, alert evaluator and sync, and speaks for them to the cell. It touches no file.</summary>
public sealed class DatabaseSupervisor(DatabaseId id, CellContext context) : UntypedActor
{
    private IActorRef? _collector;
    private IActorRef? _alerts;

    /// <summary>Also after a restart: the cell answers with the story, so no open episode is lost.</summary>
    protected override void PreStart() => Context.Parent.Tell(new CellProtocol.Started(id));

    protected override void PostStop() => context.Exporter.Tell(new ExporterProtocol.Unwatched(id));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SupervisorProtocol.Look:
                _collector?.Tell(message);
                break;
            case SupervisorProtocol.Collected collected:
                _alerts?.Tell(collected);
                context.Exporter.Tell(collected);
                break;
            case SupervisorProtocol.HostLost lost:
                context.Exporter.Tell(new SupervisorProtocol.Collected(lost.Batch));
                break;
            case SupervisorProtocol.Proposed proposed:
                Context.Parent.Tell(new CellProtocol.Propose(proposed.Transition));
                break;
            case CellProtocol.NoteOwned or CellProtocol.NoteGone or CellProtocol.Forget or CellProtocol.Introduce or EdgeProtocol.Refused:
                Context.Parent.Tell(message);
                break;
            case SupervisorProtocol.Reconcile:
                _alerts?.Tell(message);
                break;
            case SupervisorProtocol.Resume resume when _collector is null:
                context.Exporter.Tell(new ExporterProtocol.Watched(resume.Database));
                _alerts = Context.ActorOf(Produced.Props(() => new AlertEvaluator(resume.Database, context.Settings.Rules, context)));
                Context.ActorOf(Produced.Props(() => new SyncActor()));
                _collector = Context.ActorOf(Produced.Props(() => new Collector(resume.Database, resume.Fence, context)));
                _collector.Tell(SupervisorProtocol.Look.Instance);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}

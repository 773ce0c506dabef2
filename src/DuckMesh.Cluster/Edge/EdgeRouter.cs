using Akka.Actor;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Placement;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Edge;

/// <summary>
/// Brings the requests of this node's cells to the edge of their host: this node's own, mostly; another node's while a cell is away from home. One for a host
/// without a node is answered at once, so that nobody waits for the dead.
/// </summary>
public sealed class EdgeRouter(IActorRef own, string host, TimeProvider time) : UntypedActor
{
    /// <summary>The name of each node's edge under <c>/user</c>: part of what nodes know of each other.</summary>
    public const string EdgeName = "edge";

    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IEdgeRequest request: Route(request); break;
            case EdgeProtocol.See see: Sender.Tell(new EdgeProtocol.HostSeen(see.Host, see.Host == host || NodeOf(see.Host) is not null)); break;
            default: Unhandled(message); break;
        }
    }

    private void Route(IEdgeRequest request)
    {
        var asked = CellId.HostOf(request.Cell);
        if (asked == host) own.Forward(request); // whatever the cluster says of this node: its edge is here
        else if (NodeOf(asked) is { } node) Context.ActorSelection(new RootActorPath(node) / "user" / EdgeName).Tell(request, Sender);
        else if (request is EdgeProtocol.Probe probe) Sender.Tell(new EdgeProtocol.HostLost(probe.Database, time.GetUtcNow()));
    }

    /// <summary>Asked each time: the cluster's state lags behind its events, so what an event's handler keeps of it may stay old for good. Only cells away from home ask.</summary>
    private Address? NodeOf(string other) => HostNodes.Of(other, _cluster.State);
}

using Akka.Actor;
using Akka.Cluster;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Membership;

/// <summary>How many nodes there are, as a metric.</summary>
public sealed class MemberCount(NodeMetrics metrics) : UntypedActor
{
    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        var state = _cluster.State;
        metrics.Members.WithLabels("yes").Set(state.Members.Count - state.Unreachable.Count);
        metrics.Members.WithLabels("no").Set(state.Unreachable.Count);
    }
}

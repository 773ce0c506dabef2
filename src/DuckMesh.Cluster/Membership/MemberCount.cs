using Akka.Actor;
using Akka.Cluster;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Membership;

/// <summary>How many nodes there are, as a metric. Counted from the events themselves: the cluster's own picture lags behind them.</summary>
public sealed class MemberCount(NodeMetrics metrics) : UntypedActor
{
    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);
    private readonly HashSet<UniqueAddress> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                _unreachable.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent changed: _members.Add(changed.Member.UniqueAddress); break;
            case ClusterEvent.UnreachableMember lost: _unreachable.Add(lost.Member.UniqueAddress); break;
            case ClusterEvent.ReachableMember back: _unreachable.Remove(back.Member.UniqueAddress); break;
            default: Unhandled(message); return;
        }

        metrics.Members.WithLabels("yes").Set(_members.Count(m => !_unreachable.Contains(m)));
        metrics.Members.WithLabels("no").Set(_unreachable.Count);
    }
}

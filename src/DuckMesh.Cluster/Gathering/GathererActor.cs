using Akka.Actor;
using Akka.Cluster;
using DuckMesh.Cluster.Placement;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Gathering;

/// <summary>Asks every other node of the cluster the same question, an actor for each time. A node that is unreachable is not waited for: it is missing at once.</summary>
public sealed class GathererActor : UntypedActor
{
    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);

    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message)
    {
        if (message is not GatherProtocol.Gather gather)
        {
            Unhandled(message);
            return;
        }

        var state = _cluster.State;
        var others = state.Members.Where(m => m.Address != _cluster.SelfAddress && m.Status is MemberStatus.Up or MemberStatus.Leaving).ToList();
        var unreachable = others.Where(state.Unreachable.Contains).Select(NameOf);
        var reachable = others.Where(m => !state.Unreachable.Contains(m)).Select(m => (NameOf(m), (ICanTell)Context.ActorSelection(new RootActorPath(m.Address) / "user" / ResponderActor.Name)));
        var asker = Sender;
        Context.ActorOf(Produced.Props(() => new Gathering(gather, [.. reachable], [.. unreachable], asker)));
    }

    private static NodeName NameOf(Member member) => new($"{member.Address.Host}:{member.Address.Port}", NodeRoles.HostOf(member.Roles) ?? member.Address.Host ?? "");
}

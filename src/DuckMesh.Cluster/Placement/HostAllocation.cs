using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Placement;

/// <summary>Lets <see cref="ShardPlacement"/> decide where the cluster's shards live.</summary>
public sealed class HostAllocation : IActorSystemDependentAllocationStrategy
{
    private ClusterExtension? _cluster;

    public void Start(ActorSystem system) => _cluster = ClusterExtension.Get(system);

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        Task.FromResult(ShardPlacement.Place(shardId, Regions(currentShardAllocations))?.Key ?? requester);

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>([.. ShardPlacement.Moves(Regions(currentShardAllocations), rebalanceInProgress)]);

    private List<Region<IActorRef>> Regions(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        var state = _cluster!.State;
        return [.. allocations.Select(a => RegionOf(a.Key, [.. a.Value], state))];
    }

    private Region<IActorRef> RegionOf(IActorRef region, ImmutableArray<string> shards, ClusterEvent.CurrentClusterState state)
    {
        // The coordinator's own region has no host in its address.
        var address = region.Path.Address.HasLocalScope ? _cluster!.SelfAddress : region.Path.Address;
        var member = state.Members.FirstOrDefault(m => m.Address == address);
        var usable = member is { Status: MemberStatus.Up } && !state.Unreachable.Contains(member);
        return new Region<IActorRef>(region, member is null ? null : NodeRoles.HostOf(member.Roles), usable, shards);
    }
}

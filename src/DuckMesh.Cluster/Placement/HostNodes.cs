using Akka.Actor;
using Akka.Cluster;

namespace DuckMesh.Cluster.Placement;

/// <summary>Which node a host has. Pure.</summary>
public static class HostNodes
{
    /// <summary>
    /// The address of the host's node; null while it has none. A node counts while it is reachable and has not left: also while it leaves, as its edge answers until
    /// the end. Of two nodes of one host (one that died a moment ago and its successor) the younger counts.
    /// </summary>
    public static Address? Of(string host, ClusterEvent.CurrentClusterState state) => state.Members
        .Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting && !state.Unreachable.Contains(m) && NodeRoles.HostOf(m.Roles) == host)
        .Aggregate((Member?)null, (youngest, m) => youngest is null || youngest.IsOlderThan(m) ? m : youngest)?.Address;
}

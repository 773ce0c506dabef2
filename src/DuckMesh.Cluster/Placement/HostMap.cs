using System.Collections.Frozen;
using Akka.Actor;
using Akka.Cluster;

namespace DuckMesh.Cluster.Placement;

/// <summary>Which node each host has now. Pure: made of the cluster's members.</summary>
public sealed class HostMap
{
    public static readonly HostMap Empty = new(FrozenDictionary<string, Address>.Empty);

    private readonly FrozenDictionary<string, Address> _nodes;

    private HostMap(FrozenDictionary<string, Address> nodes) => _nodes = nodes;

    /// <summary>
    /// A node counts while it is reachable and has not left: also while it leaves, as its edge answers until the end. Of two nodes of one host (one that died a
    /// moment ago and its successor) the younger counts.
    /// </summary>
    public static HostMap Of(IEnumerable<Member> members, IReadOnlySet<Member> unreachable) => new(
        members.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting && !unreachable.Contains(m))
            .Select(m => (Host: NodeRoles.HostOf(m.Roles), Member: m))
            .Where(m => m.Host is not null)
            .GroupBy(m => m.Host!, m => m.Member, StringComparer.Ordinal)
            .ToFrozenDictionary(m => m.Key, m => m.Aggregate((one, other) => one.IsOlderThan(other) ? other : one).Address, StringComparer.Ordinal));

    /// <summary>The address of the host's node; null while it has none.</summary>
    public Address? NodeOf(string host) => _nodes.GetValueOrDefault(host);
}

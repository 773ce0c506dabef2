using System.Collections.Immutable;

namespace DuckMesh.Cluster.Membership;

/// <summary>
/// Decides, look by look, how a starting node comes into its cluster: it joins members that are heard of, and founds the cluster only when nobody can be in it. Pure;
/// ages are the database's, only the time that this node itself has been watching is its own.
/// <para>Who may be a member of the cluster's present founding is in the table, because a node writes its row before it asks to be let in and deletes it after it
/// has left. So a table that names nobody else is proof. Rows that only look old are none: their nodes may live and not reach the database. They are given up after
/// <see cref="WatchFor"/> without a sign of life; should they live after all, they find the founding changed and end themselves.</para>
/// </summary>
/// <param name="protocol">Of this node's address: with TLS another than without.</param>
public sealed class Formation(string host, NodeId node, string protocol, TimeProvider time)
{
    /// <summary>Five beats of a member, and as long as a row is fresh: after an outage of the database each member has had several chances to be heard of.</summary>
    public static readonly TimeSpan WatchFor = TimeSpan.FromSeconds(30);

    /// <summary>Looks further apart are no watching: this node was stopped, or the database was away.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(10);

    private MemberRow? _other;
    private long? _nobodySince;
    private long _lookedAt;

    public FormationStep Decide(Look look)
    {
        if (_nobodySince is not null && time.GetElapsedTime(_lookedAt) > LongestGap) _nobodySince = null;
        _lookedAt = time.GetTimestamp();
        var sameHost = look.Rows.FirstOrDefault(r => r.Host == host && r.Node != node);
        if (sameHost is { Fresh: true }) return SameHost(sameHost);

        var others = look.Rows.Where(r => r.Node != node && r.Founding == look.Founding && r.State is MemberState.Joining or MemberState.Up).ToImmutableArray();
        if (others.Length == 0) return new FormationStep.Found(look.Founding + 1);

        var heard = others.Where(r => r is { State: MemberState.Up, Fresh: true }).Select(r => r.Address).ToImmutableArray();
        if (heard.Length > 0)
        {
            _nobodySince = null;
            if (heard.FirstOrDefault(a => !a.StartsWith($"{protocol}://", StringComparison.Ordinal)) is { } foreign)
                return new FormationStep.Refuse($"{foreign} is a member of the cluster, and this node speaks {protocol}; give all nodes the key tls, or none.");
            return new FormationStep.Join(look.Founding, heard);
        }

        _nobodySince ??= _lookedAt;
        var left = WatchFor - time.GetElapsedTime(_nobodySince.Value);
        return left <= TimeSpan.Zero
            ? new FormationStep.Found(look.Founding + 1)
            : new FormationStep.Wait(
                $"Members of the cluster are known ({string.Join(", ", others.Select(r => r.Host).Order(StringComparer.Ordinal))}) and none is heard of; unless one is, this node founds the cluster anew in {Math.Ceiling(left.TotalSeconds):0} s.",
                Announced: sameHost is null);
    }

    /// <summary>The database did not answer: nobody was watched meanwhile.</summary>
    public void LookFailed() => _nobodySince = null;

    /// <summary>The row may be that of a node which has just died with its data folder; a second sign of life says that it lives.</summary>
    private FormationStep SameHost(MemberRow row)
    {
        _nobodySince = null;
        if (_other is { } before && before.Node == row.Node && before.SeenAt != row.SeenAt)
        {
            return new FormationStep.Refuse(
                $"another node, {row.Address}, runs for the host {host} in this cluster; give each its own name with DUCKMESH_HOST or the key host, or stop the other.");
        }

        _other = row;
        return new FormationStep.Wait($"Another node, {row.Address}, was heard of for the host {host}; if it lives, this one ends.", Announced: false);
    }
}

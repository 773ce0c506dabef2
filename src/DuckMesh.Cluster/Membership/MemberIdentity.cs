namespace DuckMesh.Cluster.Membership;

/// <summary>How a node stands in the table of members.</summary>
/// <param name="Address">In the cluster, with protocol and system.</param>
/// <param name="Uid">Tells this run of the node from earlier ones at the same address.</param>
/// <param name="Http">Where its HTTP listens; null when it does not say.</param>
public sealed record MemberIdentity(string Host, NodeId Node, string Address, int Uid, string? Http, string Version);

namespace DuckMesh.Cluster.Membership;

/// <summary>A row of the table of members.</summary>
/// <param name="Host">The host whose files the node sees: one node a host.</param>
/// <param name="Address">In the cluster, with protocol and system.</param>
/// <param name="Founding">Of which founding of the cluster it is, or was, a member.</param>
/// <param name="Fresh">Its node has been heard of within <see cref="MemberTable.FreshFor"/>, by the database's clock.</param>
/// <param name="SeenAt">By the database's clock: to be compared only with itself.</param>
public sealed record MemberRow(string Host, NodeId Node, string Address, MemberState State, long Founding, bool Fresh, DateTime SeenAt);

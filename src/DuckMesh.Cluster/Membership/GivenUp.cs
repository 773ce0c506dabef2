namespace DuckMesh.Cluster.Membership;

/// <summary>A member that the cluster has downed and removed: this run of that address, not a later one.</summary>
public sealed record GivenUp(string Address, int Uid);

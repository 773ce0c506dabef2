namespace DuckMesh.Cluster.Gathering;

/// <summary>A node of the cluster as people know it.</summary>
/// <param name="Address">Host and port of its Akka.Remote.</param>
/// <param name="Host">The host whose files it sees.</param>
public sealed record NodeName(string Address, string Host);

using Akka.Actor;

namespace DuckMesh.Cluster.Exporter;

/// <summary>Asked of the exporter; answered by a <see cref="FleetSnapshot"/>.</summary>
public sealed record GetFleet : INoSerializationVerificationNeeded
{
    public static readonly GetFleet Instance = new();
}

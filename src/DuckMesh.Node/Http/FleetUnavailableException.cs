namespace DuckMesh.Node.Http;

/// <summary>The exporter of this node did not answer in time.</summary>
public sealed class FleetUnavailableException(Exception cause)
    : Exception($"The exporter of this node did not answer within {Fleet.Deadline.TotalSeconds:0} s. Ask again in some seconds; /health/ready says how the node is.", cause);

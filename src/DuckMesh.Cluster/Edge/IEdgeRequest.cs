using DuckMesh.Cluster.Serialization;

namespace DuckMesh.Cluster.Edge;

/// <summary>What a cell asks of its host's edge. It carries the cell's fencing number: the edge refuses a number older than one it has seen.</summary>
public interface IEdgeRequest : IWireMessage
{
    string Cell { get; }

    /// <summary>The incarnation of the cell that asks.</summary>
    long Fence { get; }
}

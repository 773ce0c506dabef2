using DuckMesh.Cluster.Serialization;

namespace DuckMesh.Cluster.Cells;

/// <summary>A message that the shard region routes to a cell.</summary>
public interface ICellMessage : IWireMessage
{
    string Cell { get; }
}

namespace DuckMesh.Cluster.Serialization;

/// <summary>May cross a wire or be stored: has a versioned manifest in <see cref="WireSerializer"/> and a golden file in the tests.</summary>
public interface IWireMessage;

namespace DuckMesh.Cluster;

/// <summary>The node's id can't be read or made. The message is one line that says what is in the way and what to try.</summary>
public sealed class NodeIdException(string message, Exception? cause = null) : Exception(message, cause);

namespace DuckMesh.Node.Http;

/// <summary>Asks a node about itself: there is nothing to choose.</summary>
internal readonly record struct AboutNode;

namespace DuckMesh.Node.Http.History;

/// <summary>History is off, or its store does not answer.</summary>
public sealed class HistoryUnavailableException(string message) : Exception(message);

namespace DuckMesh.Node.Http;

/// <summary>The request asks for something that does not exist; the message names the parameter and what is possible.</summary>
public sealed class BadQueryException(string message) : Exception(message);

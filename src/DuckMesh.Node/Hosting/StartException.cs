namespace DuckMesh.Node.Hosting;

/// <summary>The node can't start here. The message is one line that says what is in the way and what to try.</summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);

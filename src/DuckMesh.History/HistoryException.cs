namespace DuckMesh.History;

/// <summary>A history store failed.</summary>
/// <param name="message">One line: what happened, to which store, what to try. Never with a password.</param>
public sealed class HistoryException(HistoryFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public HistoryFault Fault { get; } = fault;
}

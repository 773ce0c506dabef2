namespace DuckMesh.History.Blocks;

/// <summary>Something that happened to a database, or to a host. Stored once by <see cref="Id"/>, however often it is told.</summary>
/// <param name="Id">Names the event for ever: a transition's id, or made of database, kind and time.</param>
/// <param name="Subject">The database's id; for an event of a host the host.</param>
/// <param name="Database">The label <c>database</c>; empty for an event of a host.</param>
/// <param name="Text">For people, one line.</param>
public sealed record HistoryEvent(string Id, DateTimeOffset At, EventKind Kind, string Subject, string Database, string Host, string Text)
{
    /// <summary>Of a transition: the episode's id.</summary>
    public string? Episode { get; init; }

    public string? Rule { get; init; }

    public string? Severity { get; init; }

    /// <summary>Of a transition: the state that the episode has now, as the API writes it.</summary>
    public string? State { get; init; }

    public double? Value { get; init; }

    public double? Threshold { get; init; }
}

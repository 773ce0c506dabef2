namespace DuckMesh.History.Reading;

/// <summary>Which events are asked for.</summary>
/// <param name="Subject">A database's id, or a host.</param>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Limit">At most so many, the newest of the range.</param>
public sealed record EventRange(string Subject, DateTimeOffset From, DateTimeOffset To, int Limit);

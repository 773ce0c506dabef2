using DuckMesh.History.Blocks;

namespace DuckMesh.History.Spool;

/// <summary>The next block to deliver, and its place.</summary>
public sealed record SpoolEntry(HistoryBlock Block, DateTimeOffset At)
{
    internal long Segment { get; init; }

    internal long Offset { get; init; }

    internal long Next { get; init; }

    internal int Rows { get; init; }
}

namespace DuckMesh.History.Spool;

/// <summary>What a spool holds, and what became of what it ever took: <c>Rows</c>, <c>Stored</c>, <c>Dropped</c> and <c>SetAside</c> together are all rows that it accepted.</summary>
/// <param name="Blocks">Blocks that wait.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Bytes">Of all segments on the disk.</param>
/// <param name="Oldest">When the block that waits longest was made; null when none waits.</param>
/// <param name="Stored">Rows that the store has, since the spool was made; so the next two.</param>
/// <param name="Dropped">Rows given up because the spool was full.</param>
/// <param name="SetAside">Rows that can't be stored: refused by the store, or damaged on the disk, as far as their number can be read.</param>
/// <param name="DamagedSegments">Segments found damaged since this process started.</param>
public sealed record SpoolState(int Blocks, long Rows, long Bytes, DateTimeOffset? Oldest, long Stored, long Dropped, long SetAside, int DamagedSegments);

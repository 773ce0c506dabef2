using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Readings;

/// <summary>
/// What one probe saw of one database at one instant: raw, no rates. Whatever could not be seen is null, never zero.
/// </summary>
/// <param name="Reason">For people: why the file is absent or unreadable, or which part of a present one could not be read, and what to try; or null.</param>
public sealed record Reading(DatabaseId Database, DateTimeOffset At, Presence Presence, string? Reason = null)
{
    public FileReading? File { get; init; }

    public WalReading? Wal { get; init; }

    /// <summary>Bytes in the database's spill folder (<c>&lt;file&gt;.tmp</c>): 0 when there is no such folder, null when it can't be read.</summary>
    public long? TempBytes { get; init; }

    public DiskReading? Disk { get; init; }

    /// <summary>Is the database held? Null when that can't be known (a network file system, whose locks other hosts may hold; a lock table that is not followed or can't be read).</summary>
    public bool? Owned { get; init; }

    /// <summary>The process that holds the database; with several (read-only) owners the one that started first.</summary>
    public OwnerReading? Owner { get; init; }

    /// <summary>How many processes hold the database.</summary>
    public int Owners { get; init; }
}

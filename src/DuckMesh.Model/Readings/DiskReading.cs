namespace DuckMesh.Model.Readings;

/// <summary>The file system of the database file (<c>statvfs</c>).</summary>
/// <param name="FreeBytes">Free for an ordinary user.</param>
/// <param name="UsedRatio">Used / (used + free for an ordinary user), 0..1, as <c>df</c> shows it.</param>
/// <param name="Type">As the mount table names it: ext4, xfs, nfs4, ...</param>
/// <param name="Network">Other hosts may hold locks on it that this one can't see.</param>
public sealed record DiskReading(long TotalBytes, long FreeBytes, double UsedRatio, string Type, bool Network);

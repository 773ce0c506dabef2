namespace DuckMesh.History.Spool;

/// <summary>How large a spool may grow.</summary>
/// <param name="MaxBytes">Of all segments together; beyond it the oldest are dropped.</param>
/// <param name="SegmentBytes">A segment that has reached this is closed, and the next one begun.</param>
public sealed record SpoolLimits(long MaxBytes, long SegmentBytes)
{
    /// <summary>
    /// 1 GB: with 4 bytes a sample half a day of 1,000 databases each 5 s, weeks of a laptop; few disks feel it. 8 MB: a segment is the least that is dropped, and a
    /// hundred files in a folder are easily looked through.
    /// </summary>
    public static readonly SpoolLimits Default = new(1024L * 1024 * 1024, 8L * 1024 * 1024);
}

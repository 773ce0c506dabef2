using System.Globalization;

namespace DuckMesh.History.Spool;

/// <summary>A spool's files: segments, the position, and what was set aside.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly string _path;
    private readonly SetAside _damaged;
    private readonly SetAside _poison;

    private SpoolFolder(string path)
    {
        _path = path;
        _damaged = new SetAside(Path.Combine(path, DiskSpool.DamagedFolder));
        _poison = new SetAside(Path.Combine(path, DiskSpool.PoisonFolder));
        Position = PositionFile.Open(path);
        LastNumber = Position.Position.Segment;
    }

    public PositionFile Position { get; }

    /// <summary>Of the segments that there ever were.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Segments that were found damaged since this process started.</summary>
    public int DamagedSegments { get; private set; }

    /// <exception cref="IOException">The folder can't be used; one line why.</exception>
    /// <exception cref="UnauthorizedAccessException">So too.</exception>
    public static SpoolFolder Open(string path)
    {
        if (File.Exists(path)) throw new IOException($"{path} is a file and must be a folder; move it away");
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            Folder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }

        return new SpoolFolder(path);
    }

    /// <summary>The segments that are not delivered, oldest first. The last may have been cut off in the middle of a record, or while it was made.</summary>
    public IEnumerable<Segment> Find()
    {
        var files = Directory.GetFiles(_path, "*" + Segment.Extension)
            .Select(path => (Path: path, Number: long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0))
            .Where(f => f.Number > 0).OrderBy(f => f.Number).ToList();
        foreach (var (path, number) in files)
        {
            var isLast = number == files[^1].Number;
            LastNumber = Math.Max(LastNumber, number);
            if (number < Position.Position.Segment)
            {
                File.Delete(path);
            }
            else if (Segment.Open(path, number, checkLast: isLast) is { } segment)
            {
                if (isLast && segment.Rest > 0) segment.CutRest();
                yield return segment;
            }
            else if (isLast && new FileInfo(path).Length <= Segment.HeaderSize)
            {
                File.Delete(path);
            }
            else
            {
                MoveAway(path);
            }
        }
    }

    public Segment Create()
    {
        var segment = Segment.Create(_path, LastNumber + 1);
        LastNumber++;
        return segment;
    }

    public void MoveAway(string segment)
    {
        DamagedSegments++;
        _damaged.Move(segment);
    }

    public void KeepDamaged(long segment, long offset, byte[] bytes) => Keep(_damaged, segment, offset, bytes);

    public void KeepPoison(long segment, long offset, byte[] bytes) => Keep(_poison, segment, offset, bytes);

    public void Dispose() => Position.Dispose();

    private static void Keep(SetAside folder, long segment, long offset, byte[] bytes)
    {
        try
        {
            folder.Write(string.Create(CultureInfo.InvariantCulture, $"{segment:D10}-{offset:D8}.block"), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No room to keep it: it is counted, and must not hold up what follows.
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace DuckMesh.History.Spool;

/// <summary>One file of the spool: a header, then records, each a <see cref="RecordHeader"/> and a block's bytes. Not thread-safe.</summary>
internal sealed class Segment : IDisposable
{
    public const string Extension = ".segment";

    /// <summary>Mark and version, number, checksum, 4 bytes unused.</summary>
    public const int HeaderSize = 24;

    private static readonly byte[] Mark = "DMSPOOL1"u8.ToArray();

    private SafeFileHandle? _file;

    private Segment(string path, long number)
    {
        Path = path;
        Number = number;
    }

    public string Path { get; }

    /// <summary>Counts up over all segments that the spool ever had.</summary>
    public long Number { get; }

    /// <summary>Where the next record would stand.</summary>
    public long End { get; private set; } = HeaderSize;

    public int Blocks { get; private set; }

    public long Rows { get; private set; }

    /// <summary>Bytes after <see cref="End"/>, which are no whole record.</summary>
    public long Rest { get; private set; }

    private SafeFileHandle File => _file ??= System.IO.File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public static string NameOf(long number) => number.ToString("D10", CultureInfo.InvariantCulture) + Extension;

    /// <summary>A new, empty segment that is there after a power cut.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public static Segment Create(string folder, long number)
    {
        var segment = new Segment(System.IO.Path.Combine(folder, NameOf(number)), number);
        try
        {
            segment._file = System.IO.File.OpenHandle(segment.Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[HeaderSize];
            header.Clear();
            Mark.CopyTo(header);
            BinaryPrimitives.WriteInt64LittleEndian(header[8..], number);
            BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32C.Of(header[..16]));
            RandomAccess.Write(segment._file, header, 0);
            RandomAccess.FlushToDisk(segment._file);
            Folder.Flush(folder);
            return segment;
        }
        catch
        {
            segment.Discard();
            throw;
        }
    }

    /// <summary>A segment that is there. Null: it is none, or its header is damaged.</summary>
    /// <param name="checkLast">Reads the last record's bytes too: a power cut may have left their room only.</param>
    public static Segment? Open(string path, long number, bool checkLast)
    {
        var segment = new Segment(path, number);
        Span<byte> header = stackalloc byte[HeaderSize];
        var read = RandomAccess.Read(segment.File, header, 0);
        if (read < HeaderSize || !header.StartsWith(Mark) || BinaryPrimitives.ReadInt64LittleEndian(header[8..]) != number
            || BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) != Crc32C.Of(header[..16]))
        {
            segment.Dispose();
            return null;
        }

        segment.Scan(checkLast);
        segment.Dispose();
        return segment;
    }

    /// <summary>Writes a record and waits until the disk has it.</summary>
    /// <exception cref="IOException">It may be there in part; take another segment.</exception>
    public void Append(RecordHeader header, ReadOnlySpan<byte> bytes)
    {
        var record = new byte[RecordHeader.Size + bytes.Length];
        header.Write(record);
        bytes.CopyTo(record.AsSpan(RecordHeader.Size));
        RandomAccess.Write(File, record, End);
        RandomAccess.FlushToDisk(File);
        End += record.Length;
        Blocks++;
        Rows += header.Rows;
    }

    /// <summary>False: no whole header stands there.</summary>
    public bool TryReadHeader(long offset, out RecordHeader header)
    {
        Span<byte> bytes = stackalloc byte[RecordHeader.Size];
        return RecordHeader.TryRead(bytes[..RandomAccess.Read(File, bytes, offset)], out header);
    }

    /// <summary>A block's bytes. False: they are damaged, or not all there.</summary>
    public bool TryReadBytes(long offset, RecordHeader header, out byte[] bytes)
    {
        bytes = [];
        if (offset + RecordHeader.Size + header.Length > RandomAccess.GetLength(File)) return false;
        bytes = new byte[header.Length];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(File, bytes.AsSpan(read), offset + RecordHeader.Size + read) is > 0 and var some) read += some;
        return read == bytes.Length && Crc32C.Of(bytes) == header.Checksum;
    }

    /// <summary>Blocks and rows before an offset. Null: no record begins there.</summary>
    public (int Blocks, long Rows)? Before(long offset)
    {
        var (blocks, rows, at) = (0, 0L, (long)HeaderSize);
        while (at < offset && at < End && TryReadHeader(at, out var header))
        {
            blocks++;
            rows += header.Rows;
            at += RecordHeader.Size + header.Length;
        }

        return at == offset ? (blocks, rows) : null;
    }

    /// <summary>Cuts off what is no whole record.</summary>
    public void CutRest()
    {
        RandomAccess.SetLength(File, End);
        RandomAccess.FlushToDisk(File);
        Rest = 0;
    }

    public void Delete()
    {
        Dispose();
        System.IO.File.Delete(Path);
    }

    /// <summary>Closes the file; it is opened again when it is needed.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Scan(bool checkLast)
    {
        var length = RandomAccess.GetLength(File);
        while (TryReadHeader(End, out var header) && End + RecordHeader.Size + header.Length <= length)
        {
            var next = End + RecordHeader.Size + header.Length;
            if (checkLast && next == length && !TryReadBytes(End, header, out _)) break;
            End = next;
            Blocks++;
            Rows += header.Rows;
        }

        Rest = length - End;
    }

    private void Discard()
    {
        try
        {
            Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is found at the next start, without a record.
        }
    }
}

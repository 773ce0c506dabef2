using System.Globalization;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>The database file itself: its headers and free list. Keeps what it saw last; an unchanged file is not opened, an unchanged header costs no free list.</summary>
internal sealed class MainFile(OwnDatabases own, TimeProvider time)
{
    /// <summary>A header page is written by one <c>pwrite</c>; torn views of it last microseconds. A page that fails this often is damaged, or the next look will tell.</summary>
    private const int MaxReads = 4;

    /// <summary>The first repetition comes at once, each later one after this: long enough for a writer that lost its core in the middle of a page.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private Settling _settling;
    private DatabaseHeader _header;
    private DatabaseHeader _countedHeader;
    private HeaderReading? _headerReading;
    private FreeList? _freeList;

    public FileReading? Reading { get; private set; }

    public HeaderVerdict Verdict { get; private set; } = HeaderVerdict.TooShort;

    /// <summary>Why the file is no readable database, or which part of it could not be read; or null.</summary>
    public string? Reason { get; private set; }

    /// <summary>It holds fewer blocks than its header says are in use.</summary>
    public bool CutShort { get; private set; }

    /// <summary>The file's last checkpoint; default when it is encrypted or unreadable.</summary>
    public ref readonly DatabaseHeader Header => ref _header;

    /// <param name="status">What <c>stat</c> said of the path just now.</param>
    /// <param name="now">A timestamp taken before that.</param>
    public FileFault Read(ReadOnlySpan<byte> path, in FileStatus status, long now)
    {
        if (status.SizeBytes == 0)
        {
            // Not even opened: the files of /proc have no size either, and some act when they are read.
            Forget(status);
            Verdict = DatabaseHeader.Parse([], out _, out var empty);
            Reason = empty;
            return default;
        }

        if (!_settling.MustRead(status, now, time)) return default;
        var fault = PosixFile.Open(path, status, own, out var file);
        if (fault.Kind != FileFaultKind.None)
        {
            Forget(status);
            return fault;
        }

        using (file) fault = Read(file);
        if (fault.Kind != FileFaultKind.None) Forget(status);
        return fault;
    }

    /// <summary>The file can't be looked into: only what <c>stat</c> said is known of it.</summary>
    public void Forget(in FileStatus? status)
    {
        _settling = default;
        _header = _countedHeader = default;
        _headerReading = null;
        _freeList = null;
        Verdict = HeaderVerdict.TooShort;
        Reason = null;
        CutShort = false;
        SetReading(status is { } s ? new FileReading(s.Identity, s.SizeBytes) : null);
    }

    private FileFault Read(in PosixFile file)
    {
        Span<byte> pages = stackalloc byte[DatabaseHeader.Bytes];
        var header = default(DatabaseHeader);
        string? reason = null;
        for (var reads = 1; reads <= MaxReads; reads++)
        {
            if (reads > 2) Thread.Sleep(Pause);
            var count = file.Read(pages, 0, out var error);
            if (count < 0) return FileFault.OfError(error);
            Verdict = DatabaseHeader.Parse(pages[..count], out header, out reason);
            if (Verdict == HeaderVerdict.Torn) continue;
            if (Verdict != HeaderVerdict.Valid || header.Encrypted) break;
            if (header == _countedHeader && _freeList is not null && Reading?.Identity == file.Status.Identity) break;

            _countedHeader = header;
            _freeList = FreeList.Read(file, header, out reason);

            // A checkpoint that ended while we followed the list may have written over it.
            if (_freeList is not null && IsStill(file, header)) break;
            _freeList = null;
            reason ??= "checkpoints follow one another too closely to count its free blocks: the next look will try again";
        }

        // The size comes after the header: blocks are written before the header that counts them.
        var status = file.Refresh(out var failure);
        if (failure != 0) return FileFault.OfError(failure);
        Publish(status, header, pages, reason);
        return default;
    }

    private static bool IsStill(in PosixFile file, in DatabaseHeader header)
    {
        Span<byte> pages = stackalloc byte[DatabaseHeader.Bytes];
        return file.Read(pages, 0, out _) == pages.Length && DatabaseHeader.Parse(pages, out var again, out _) == HeaderVerdict.Valid && again == header;
    }

    private void Publish(in FileStatus status, in DatabaseHeader header, ReadOnlySpan<byte> pages, string? reason)
    {
        CutShort = false;
        Reason = reason;
        if (Verdict != HeaderVerdict.Valid)
        {
            _header = default;
            _headerReading = null;
            SetReading(new FileReading(status.Identity, status.SizeBytes));
            return;
        }

        _headerReading = header.Describe(pages, _header, _headerReading);
        _header = header;
        SetReading(new FileReading(status.Identity, status.SizeBytes) { Header = _headerReading, Blocks = CountBlocks(status.SizeBytes) });
    }

    // As PRAGMA database_size counts them. The free blocks at the end may have been cut off the file; blocks behind those of the last checkpoint count as free.
    private BlockReading? CountBlocks(long sizeBytes)
    {
        if (_header.Encrypted) return null;
        var total = (sizeBytes - DatabaseHeader.Bytes) / _header.BlockBytes;
        var needed = Math.Max(Math.Max(BlocksTo(_header.MetaBlock), BlocksTo(_header.FreeList)), _freeList?.BlocksNeeded ?? 0);
        if (needed > total)
        {
            CutShort = true;
            Reason = string.Create(CultureInfo.InvariantCulture, $"is cut short: it needs at least {needed} blocks and has {total}; restore the database from a copy");
            return null;
        }

        if (_freeList is not { } list) return null;
        var used = _header.BlockCount - list.Count;
        return new BlockReading(used, total - used, _header.BlockBytes);
    }

    private static long BlocksTo(ulong pointer) => pointer == DatabaseHeader.NoBlock ? 0 : DatabaseHeader.BlockOf(pointer) + 1;

    // The instance stays while nothing changes: whoever compares readings compares references.
    private void SetReading(FileReading? reading)
    {
        if (reading != Reading) Reading = reading;
    }
}

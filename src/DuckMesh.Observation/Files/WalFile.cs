using System.Buffers;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>One log file, read as it grows: only what is new since the last look. Keeps no descriptor and no buffer.</summary>
internal sealed class WalFile(OwnDatabases own, TimeProvider time)
{
    /// <summary>One read; a piece of the page cache that a processor's cache still holds.</summary>
    private const int Chunk = 64 * 1024;

    /// <summary>So much of the log's beginning is compared at each look: the first record and the checksums of the first frames.</summary>
    private const int HeadBytes = 128;

    private Settling _settling;
    private FileIdentity _identity;
    private long _born;
    private ulong _generation;
    private WalScan _scan;
    private int _headLength;
    private ulong _headChecksum;

    /// <summary>Null: there is a log and its size can't be known.</summary>
    public long? SizeBytes { get; private set; }

    public bool Present { get; private set; }

    /// <summary>Null when they can't be counted, or not yet.</summary>
    public long? Commits => !Present ? 0 : CaughtUp && _scan.State is WalScanState.AtStart or WalScanState.InFrames && !Damaged ? _scan.Commits : null;

    public ulong? CheckpointRoot => Present ? _scan.CheckpointRoot : null;

    public bool TornTail { get; private set; }

    public bool Damaged { get; private set; }

    private bool CaughtUp { get; set; }

    /// <param name="mayOpen">Not when the database is open in this very process: closing its log would drop the lock on that too.</param>
    /// <param name="generation">Changes when the database is checkpointed: what was known of the log is then worth nothing, though it may look the same.</param>
    /// <param name="budget">How many bytes may still be read at this look.</param>
    public void Read(ReadOnlySpan<byte> path, bool mayOpen, ulong generation, long now, ref long budget)
    {
        var status = FileStatus.Of(path, follow: true, out var error);
        Present = FileFault.OfError(error).Kind != FileFaultKind.Absent;
        if (error != 0 || status.Kind != FileKind.Regular || !mayOpen)
        {
            Forget();
            SizeBytes = !Present ? 0 : error == 0 && status.Kind == FileKind.Regular ? status.SizeBytes : null;
            return;
        }

        // One that has not been read to its end yet is read on, changed or not.
        var changed = _settling.MustRead(status, now, time) || generation != _generation;
        if (!changed && CaughtUp) return;
        if (status.SizeBytes == 0)
        {
            Forget();
            SizeBytes = 0;
            CaughtUp = true;
            return;
        }

        SizeBytes = status.SizeBytes;
        var fault = PosixFile.Open(path, status, own, out var file);
        if (fault.Kind != FileFaultKind.None)
        {
            Forget();
            if (fault.Kind == FileFaultKind.Absent) (Present, SizeBytes) = (false, 0);
            return;
        }

        using (file) Read(file, generation, ref budget);
    }

    public void Forget()
    {
        _settling = default;
        Restart();
        CaughtUp = TornTail = Damaged = false;
    }

    private void Restart()
    {
        _scan = default;
        _headLength = 0;
    }

    private void Read(in PosixFile file, ulong generation, ref long budget)
    {
        var size = file.Status.SizeBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            var same = file.Status.Identity == _identity && file.Status.BornNanoseconds == _born && generation == _generation;
            if (!same || size < _scan.Offset || !HeadIsSame(file, buffer)) Restart();
            _identity = file.Status.Identity;
            _born = file.Status.BornNanoseconds;
            _generation = generation;
            SizeBytes = size;
            var resumed = !_scan.AtCommit;
            var whole = ReadOn(file, size, buffer, ref budget);

            // A commit that failed may have been cut off and others written in its place: only what was committed is sure.
            if (_scan.State == WalScanState.Damaged && resumed)
            {
                _scan.Rewind();
                whole = ReadOn(file, size, buffer, ref budget);
            }

            Damaged = _scan.State == WalScanState.Damaged;
            if (Damaged) _scan.Rewind();
            CaughtUp = whole || Damaged || _scan.State == WalScanState.Opaque;
            TornTail = whole && !Damaged && _scan.State != WalScanState.Opaque && _scan.Offset < size;
            KeepHead(file, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // True when it came to the end, or as far as complete frames go.
    private bool ReadOn(in PosixFile file, long size, byte[] buffer, ref long budget)
    {
        while (_scan.Offset < size)
        {
            if (budget <= 0) return false;
            var count = file.Read(buffer.AsSpan(0, (int)Math.Min(Chunk, size - _scan.Offset)), _scan.Offset, out _);
            if (count < 0) return false;
            budget -= count;
            if (_scan.Consume(buffer.AsSpan(0, count), size - _scan.Offset) == 0) return true;
        }

        return true;
    }

    private bool HeadIsSame(in PosixFile file, byte[] buffer) =>
        _headLength == 0 || (file.Read(buffer.AsSpan(0, _headLength), 0, out _) == _headLength && Checksum.Of(buffer.AsSpan(0, _headLength)) == _headChecksum);

    private void KeepHead(in PosixFile file, byte[] buffer)
    {
        var length = (int)Math.Min(HeadBytes, _scan.Offset);
        if (length == _headLength || file.Read(buffer.AsSpan(0, length), 0, out _) < length) return;
        _headLength = length;
        _headChecksum = Checksum.Of(buffer.AsSpan(0, length));
    }
}

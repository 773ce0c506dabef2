using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Discovery;

/// <summary>Tells by its first bytes whether a file is a DuckDB database (facts of the format: checksum, then <c>DUCK</c> at offset 8).</summary>
internal static class Magic
{
    private const int MagicOffset = 8;
    private const int Needed = 12;

    public static FindingKind Read(ReadOnlySpan<byte> zeroEndedPath, FileStatus expected, OwnDatabases own, out FileFault fault)
    {
        fault = default;
        if (expected is { Kind: FileKind.Regular, SizeBytes: < Needed }) return FindingKind.Unfinished;   // nor the files of /proc, which act when they are opened
        fault = PosixFile.Open(zeroEndedPath, expected, own, out var file);
        if (fault.Kind != FileFaultKind.None) return fault.Kind is FileFaultKind.Absent or FileFaultKind.Replaced ? FindingKind.Vanished : FindingKind.Other;
        using (file)
        {
            Span<byte> head = stackalloc byte[Needed];
            var length = file.Read(head, 0, out var error);
            if (error != 0) fault = FileFault.OfError(error);
            if (length < 0) return FindingKind.Other;
            if (length < Needed || head.IndexOfAnyExcept((byte)0) < 0) return FindingKind.Unfinished;
            return head[MagicOffset..].SequenceEqual("DUCK"u8) ? FindingKind.Database : FindingKind.Other;
        }
    }

    /// <summary>For a file that can't be opened: what its name says. <c>.db</c> is everybody's, so there a log beside it has to speak for DuckDB.</summary>
    public static bool IsNamedLikeDatabase(ReadOnlySpan<byte> path, ReadOnlySpan<byte> accessPath)
    {
        if (path.EndsWith(".duckdb"u8) || path.EndsWith(".ddb"u8)) return true;
        if (!path.EndsWith(".db"u8)) return false;
        byte[] log = [.. accessPath, .. ".wal\0"u8];
        FileStatus.Of(log, follow: true, out var error);
        return error == 0;
    }
}

using System.Globalization;
using System.Text;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Finds out what a held file is and what to call it. Waits as long as its file system does, so it works in the lane of a device. Thread-safe.
/// The file is always reached through its owner's descriptor: whatever a path may mean to us, the descriptor is the file.
/// </summary>
/// <param name="knownPath">How a file that is known is reached; null for one that is not.</param>
internal sealed class Examiner(ProcFolder proc, OwnDatabases own, WatchPatternSet exclude, FileSystems fileSystems, Func<FileIdentity, string?> knownPath)
{
    private static ReadOnlySpan<byte> DeletedMark => " (deleted)"u8;

    public Finding Examine(LookUp look)
    {
        if (exclude.Covers(look.Link)) return Finding.Other;
        var door = ProcFile.ZeroEnded(proc.PathOf(look.Pid, string.Create(CultureInfo.InvariantCulture, $"fd/{look.Descriptor}")));
        var status = FileStatus.Of(door, follow: true, out var error);
        if (error != 0) return Finding.Vanished;
        if (status.Kind != FileKind.Regular) return Finding.Other;
        var kind = Magic.Read(door, status, own, out var fault);
        if (kind != FindingKind.Database && fault.Kind is not (FileFaultKind.Denied or FileFaultKind.Failed)) return new Finding(kind);

        var finding = Place(look, status, door);
        if (fault.Kind != FileFaultKind.None && !Magic.IsNamedLikeDatabase(Encoding.UTF8.GetBytes(finding.Path), FilePath.ToBytes(finding.AccessPath))) return Finding.Other;
        return finding with { KnownStays = IsAt(knownPath(status.Identity), status.Identity) };
    }

    private Finding Place(LookUp look, FileStatus status, byte[] door)
    {
        var link = look.Link.AsSpan();
        var finding = new Finding(FindingKind.Database) { Identity = status.Identity, BornNanoseconds = status.BornNanoseconds };
        var ours = proc.MountNamespace(look.Pid) == proc.MountNamespace(Environment.ProcessId);
        if (FindPath(finding, look, link, ours) is { } found) return found;
        if (!link.EndsWith(DeletedMark))
        {
            // Renamed just now: the next pass sees it. Else its path is covered by another mount, or its namespace has a root of its own: only the descriptor leads there.
            Span<byte> again = stackalloc byte[link.Length + 1];
            var length = ProcFile.ReadLink(door, again);
            return length == link.Length && again[..length].SequenceEqual(link) ? Foreign(finding, look, link, Encoding.UTF8.GetString(door.AsSpan(0, door.Length - 1))) : Finding.Vanished;
        }

        var path = link[..^DeletedMark.Length];
        if (FindPath(finding, look, path, ours) is { } made) return made;               // made again as a hard link
        if (IsAt(knownPath(status.Identity), status.Identity)) return Local(finding, path);   // another name of it is left
        var taken = ours ? IsOnItsDevice(look, path) && Exists(path) : Exists(Inside(look.Pid, path));
        var gone = finding with { Kind = FindingKind.Deleted, PathTaken = taken };
        return ours ? Local(gone, path) : Foreign(gone, look, path, "");
    }

    /// <summary>Whose path it is; null when neither we nor its process find the file there.</summary>
    private Finding? FindPath(Finding finding, LookUp look, ReadOnlySpan<byte> path, bool ours)
    {
        var denied = false;
        if (IsOnItsDevice(look, path) && (IsAt(path, finding.Identity, out denied) || (ours && denied))) return Local(finding, path);
        if (!ours && (IsAt(Inside(look.Pid, path), finding.Identity, out denied) || denied)) return Foreign(finding, look, path, RootOf(look.Pid) + FilePath.FromBytes(path));
        return null;
    }

    /// <summary>
    /// Can the path, as we see it, mean the file? Another container's path may lead us to any mount of ours, and that may hang, which must not hold up the file's own
    /// device: the mount table, which numbers devices as the lock table does, tells without a touch.
    /// </summary>
    private bool IsOnItsDevice(LookUp look, ReadOnlySpan<byte> path)
    {
        var text = FilePath.FromBytes(path);
        return IsOn(fileSystems.Mounts()) || IsOn(fileSystems.ReadMounts());

        bool IsOn(MountTable mounts) => mounts.Count == 0 || mounts.FindByPath(text)?.Device == look.Held.Key.Device;
    }

    private Finding Local(Finding finding, ReadOnlySpan<byte> path)
    {
        var text = FilePath.FromBytes(path);
        var mounts = fileSystems.Mounts();
        return finding with { Path = text, AccessPath = text, Mount = mounts.FindByDevice(finding.Identity.Device) ?? mounts.FindByPath(text) };
    }

    private Finding Foreign(Finding finding, LookUp look, ReadOnlySpan<byte> path, string accessPath)
    {
        return finding with
        {
            Path = FilePath.FromBytes(path),
            AccessPath = accessPath,
            Enclosure = Enclosure.Of(proc, look.Pid, own),
            Mount = fileSystems.Mounts().FindByDevice(finding.Identity.Device) ?? MountTable.Read(look.Pid).FindByDevice(finding.Identity.Device),
        };
    }

    private string RootOf(int pid) => proc.PathOf(pid, "root");

    private byte[] Inside(int pid, ReadOnlySpan<byte> path) => [.. Encoding.UTF8.GetBytes(RootOf(pid)), .. path];

    private static bool IsAt(string? path, FileIdentity identity) => path is { Length: > 0 } && IsAt(FilePath.ToBytes(path), identity, out _);

    private static bool IsAt(ReadOnlySpan<byte> path, FileIdentity identity, out bool denied)
    {
        var status = FileStatus.Of([.. path, 0], follow: true, out var error);
        denied = error == Libc.EACCES;
        return error == 0 && status.Identity == identity;
    }

    private static bool Exists(ReadOnlySpan<byte> path)
    {
        FileStatus.Of([.. path, 0], follow: true, out var error);
        return error == 0;
    }
}

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
        if (IsAt(link, status.Identity)) return Local(finding, link);
        if (IsAt(Inside(look.Pid, link), status.Identity)) return Foreign(finding, look, link, RootOf(look.Pid) + FilePath.FromBytes(link));
        if (!link.EndsWith(DeletedMark))
        {
            // Its namespace has a root of its own, which the process does not: only the descriptor leads there. Or it was renamed just now, and the next pass sees that.
            var inOurs = proc.MountNamespace(look.Pid) == proc.MountNamespace(Environment.ProcessId);
            return inOurs ? Finding.Vanished : Foreign(finding, look, link, Encoding.UTF8.GetString(door.AsSpan(0, door.Length - 1)));
        }

        var path = link[..^DeletedMark.Length];
        if (IsAt(path, status.Identity)) return Local(finding, path);   // made again as a hard link
        var foreign = proc.MountNamespace(look.Pid) is var theirs and not 0 && theirs != proc.MountNamespace(Environment.ProcessId);
        if (foreign && IsAt(Inside(look.Pid, path), status.Identity)) return Foreign(finding, look, path, RootOf(look.Pid) + FilePath.FromBytes(path));
        if (IsAt(knownPath(status.Identity), status.Identity)) return Local(finding, path);   // another name of it is left
        var gone = finding with { Kind = FindingKind.Deleted, PathTaken = Exists(foreign ? Inside(look.Pid, path) : path) };
        return foreign ? Foreign(gone, look, path, "") : Local(gone, path);
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

    private static bool IsAt(string? path, FileIdentity identity) => path is { Length: > 0 } && IsAt(FilePath.ToBytes(path), identity);

    private static bool IsAt(ReadOnlySpan<byte> path, FileIdentity identity) => FileStatus.Of([.. path, 0], follow: true, out var error).Identity == identity && error == 0;

    private static bool Exists(ReadOnlySpan<byte> path)
    {
        FileStatus.Of([.. path, 0], follow: true, out var error);
        return error == 0;
    }
}

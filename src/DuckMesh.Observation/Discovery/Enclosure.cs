using System.Globalization;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Discovery;

/// <summary>The container, or other mount namespace, that a process lives in.</summary>
/// <param name="Id">The first 12 digits of a container's id; <c>ns-&lt;inode&gt;</c> for a mount namespace that is no container. Tells those of one name apart.</param>
/// <param name="Name">Its name where it has one.</param>
internal sealed record Enclosure(string Id, string? Name, ulong MountNamespace)
{
    private const int MaxFile = 64 << 10;

    /// <summary>The name is read from the container's own files, so this may wait as long as their file system does.</summary>
    public static Enclosure Of(ProcFolder proc, int pid, OwnDatabases own)
    {
        var mountNamespace = proc.MountNamespace(pid);
        var cgroup = ProcFile.ReadText(proc.PathOf(pid, "cgroup"), MaxFile, out _) ?? "";
        if (ContainerId.Of(cgroup) is not { } id) return new Enclosure(string.Create(CultureInfo.InvariantCulture, $"ns-{mountNamespace}"), null, mountNamespace);
        var hostName = ProcFile.ReadText(proc.Root + "/sys/kernel/hostname", MaxFile, out _)?.Trim();
        return new Enclosure(id, ContainerName.Find(proc.Root, pid, id, cgroup, hostName, own), mountNamespace);
    }
}

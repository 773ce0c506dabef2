using System.Globalization;
using System.Text;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Processes;

/// <summary>The name of a container, from the files inside it: a name outlives the container that is made anew, its id does not.</summary>
internal static class ContainerName
{
    /// <summary>What a DNS label may have.</summary>
    private const int MaxLength = 63;

    private const int MaxFile = 4096;

    /// <summary>Null when it has none of its own.</summary>
    /// <param name="id">The id of the container that the process runs in.</param>
    /// <param name="hostName">A container that shares the host's network shares its name too.</param>
    public static string? Find(string proc, int pid, string id, string cgroupText, string? hostName, OwnDatabases own)
    {
        var root = string.Create(CultureInfo.InvariantCulture, $"{proc}/{pid}/root");
        if (FromContainerEnv(ReadInside(root + "/run/.containerenv", own)) is { } name) return name;

        // All containers of a pod have the pod's host name: it would make one of two databases.
        if (cgroupText.Contains("kubepods", StringComparison.Ordinal)) return null;
        return FromHostName(ReadInside(root + "/etc/hostname", own), id, hostName);
    }

    /// <summary>Podman's <c>/run/.containerenv</c> has <c>name="..."</c>.</summary>
    internal static string? FromContainerEnv(string? text)
    {
        const string Key = "name=\"";
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal) && line.IndexOf('"', Key.Length) is > 0 and var end) return Sanitise(line[Key.Length..end]);
        }

        return null;
    }

    /// <summary>Docker writes the first digits of the id into <c>/etc/hostname</c> unless it is told a name.</summary>
    internal static string? FromHostName(string? text, string id, string? hostName)
    {
        var name = (text ?? "").Split('\n')[0].Trim();
        if (name.StartsWith(id, StringComparison.Ordinal) || id.StartsWith(name, StringComparison.Ordinal) || name == hostName) return null;
        return Sanitise(name);
    }

    private static string? Sanitise(string name)
    {
        var text = new StringBuilder(MaxLength);
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, MaxLength))) text.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-');
        var plain = text.ToString();
        return plain.Any(char.IsAsciiLetterOrDigit) ? plain : null;
    }

    // The container may have put anything there: a FIFO, a device, a link that leads out of it.
    private static string? ReadInside(string path, OwnDatabases own)
    {
        var bytes = ProcFile.ZeroEnded(path);
        var status = FileStatus.Of(bytes, follow: false, out var error);
        if (error != 0 || PosixFile.Open(bytes, status, own, out var file).Kind != FileFaultKind.None) return null;
        using (file)
        {
            Span<byte> buffer = stackalloc byte[MaxFile];
            var length = file.Read(buffer, 0, out _);
            return length < 0 ? null : Encoding.Latin1.GetString(buffer[..length]);
        }
    }
}

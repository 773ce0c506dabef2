using System.Text;

namespace DuckMesh.Observation.Processes;

/// <summary>Where the cgroups can be seen, from <c>/proc/self/mountinfo</c> (format: man 5 proc_pid_mountinfo). Immutable.</summary>
internal sealed class CgroupMounts
{
    /// <summary>Deeper trees than this are not climbed.</summary>
    private const int MaxDepth = 64;

    private readonly List<Mount> _mounts = [];

    /// <param name="mountInfo">One character per byte.</param>
    public static CgroupMounts Parse(string mountInfo)
    {
        var mounts = new CgroupMounts();
        foreach (var line in mountInfo.Split('\n'))
        {
            // 36 35 98:0 /root /mount/point options [optional fields ...] - type source super-options
            var separator = line.IndexOf(" - cgroup", StringComparison.Ordinal);
            if (separator < 0) continue;
            var about = line[..separator].Split(' ');
            if (about.Length < 6 || line[(separator + 3)..].Split(' ') is not [var type, _, var options]) continue;
            if (type is not ("cgroup" or "cgroup2")) continue;
            mounts._mounts.Add(new Mount(Unescape(about[3]), Unescape(about[4]).TrimEnd('/'), type == "cgroup2" ? null : options.Split(',')));
        }

        return mounts;
    }

    /// <summary>The folder of a cgroup and those of all its ancestors that are mounted, itself first; empty when it can't be reached from here.</summary>
    public IEnumerable<string> Folders(bool unified, string controller, string path)
    {
        foreach (var mount in _mounts)
        {
            if (mount.Controllers is null != unified || mount.Controllers?.Contains(controller) == false) continue;
            if (Below(path, mount.Root) is not { } rest) continue;
            for (var depth = 0; depth < MaxDepth; depth++)
            {
                yield return mount.Point + rest;
                if (rest.Length == 0) yield break;
                rest = rest[..rest.LastIndexOf('/')];
            }

            yield break;
        }
    }

    // The rest of the path below the cgroup that is mounted: "" or /a/b. What lies outside of our cgroup namespace is written with /.. and can't be reached.
    private static string? Below(string path, string root)
    {
        var prefix = root.TrimEnd('/');
        if (!path.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var rest = path[prefix.Length..].TrimEnd('/');
        return rest is "" || (rest[0] == '/' && !rest.Split('/').Contains("..")) ? rest : null;
    }

    // Blank, tab, newline and backslash are written as \ and three octal digits.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] is >= '0' and <= '3' && text[i + 2] is >= '0' and <= '7' && text[i + 3] is >= '0' and <= '7')
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private sealed record Mount(string Root, string Point, string[]? Controllers);
}

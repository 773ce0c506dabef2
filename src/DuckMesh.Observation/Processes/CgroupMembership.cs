using System.Text;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Processes;

/// <summary>The cgroups of a process, from <c>/proc/&lt;pid&gt;/cgroup</c> (format: man 7 cgroups): one of version 2, and one of version 1 per hierarchy.</summary>
internal sealed class CgroupMembership
{
    private readonly Dictionary<string, string> _controllers = new(StringComparer.Ordinal);
    private string? _unified;

    /// <summary>What people are shown: the path of version 2, else that of the memory or CPU controller; null when there is none.</summary>
    public string? Text
    {
        get
        {
            // On a hybrid host the root of version 2 says nothing: the controllers are elsewhere.
            var path = _unified is null or "/" ? _controllers.GetValueOrDefault("memory") ?? _controllers.GetValueOrDefault("cpu") ?? _unified : _unified;
            return path is null ? null : FilePath.FromBytes(Encoding.Latin1.GetBytes(path));
        }
    }

    /// <param name="text">One character per byte. Lines that name no cgroup are passed over.</param>
    public static CgroupMembership Parse(string text)
    {
        var membership = new CgroupMembership();
        foreach (var line in text.Split('\n'))
        {
            // hierarchy:controller,controller:path; the path may hold colons
            if (line.Split(':', 3) is not [var hierarchy, var controllers, ['/', ..] path]) continue;
            if (hierarchy == "0" && controllers.Length == 0) membership._unified = path;
            else foreach (var controller in controllers.Split(',')) membership._controllers.TryAdd(controller, path);
        }

        return membership;
    }

    /// <summary>The cgroup that rules over a resource; a controller is in one hierarchy only. Null when there is none.</summary>
    public (bool Unified, string Path)? Of(string controller)
    {
        if (_controllers.TryGetValue(controller, out var path)) return (false, path);
        return _unified is null ? null : (true, _unified);
    }
}

using System.Buffers;

namespace DuckMesh.Observation.Processes;

/// <summary>Tells a container from its cgroup. Docker, containerd, CRI-O, Podman and Kubernetes all name the cgroup after the container's id, 64 hexadecimal digits.</summary>
public static class ContainerId
{
    /// <summary>As many digits as <c>docker ps</c> and <c>podman ps</c> show.</summary>
    public const int ShownDigits = 12;

    private const int Digits = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// The first 12 digits of the id of the innermost container, or null when the text names none. Takes a path or the text of <c>/proc/&lt;pid&gt;/cgroup</c>:
    /// <c>docker-ID.scope</c>, <c>cri-containerd-ID.scope</c>, <c>crio-ID.scope</c>, <c>libpod-ID.scope</c>, <c>/docker/ID</c>, <c>/kubepods/.../ID</c>, <c>SLICE:cri-containerd:ID</c>.
    /// </summary>
    public static string? Of(string cgroupText)
    {
        foreach (var line in cgroupText.Split('\n'))
        {
            var segments = line.Split('/', ':');
            for (var i = segments.Length - 1; i >= 0; i--)
            {
                if (IdIn(segments[i]) is { } id) return id;
            }
        }

        return null;
    }

    private static string? IdIn(string segment)
    {
        var name = segment.EndsWith(".scope", StringComparison.Ordinal) ? segment.AsSpan(0, segment.Length - ".scope".Length) : segment;
        if (name.Length < Digits || name[^Digits..].ContainsAnyExcept(HexDigits)) return null;
        var engine = name[..^Digits];

        // conmon watches a container from outside: libpod-conmon-ID.scope, crio-conmon-ID.scope.
        if (engine.Length > 0 && (engine[^1] != '-' || engine.EndsWith("conmon-"))) return null;
        return new string(name.Slice(engine.Length, ShownDigits));
    }
}

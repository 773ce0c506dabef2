using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Discovery;

/// <summary>What a look at a file found.</summary>
internal sealed record Finding(FindingKind Kind)
{
    public static readonly Finding Vanished = new(FindingKind.Vanished);
    public static readonly Finding Other = new(FindingKind.Other);
    public static readonly Finding Unfinished = new(FindingKind.Unfinished);

    public FileIdentity Identity { get; init; }

    /// <summary>When the file was made; 0 where the file system does not keep it.</summary>
    public long BornNanoseconds { get; init; }

    /// <summary>As its owner, or the kernel, names the file.</summary>
    public string Path { get; init; } = "";

    public string AccessPath { get; init; } = "";

    /// <summary>Null for a file that our own mount namespace has at this path.</summary>
    public Enclosure? Enclosure { get; init; }

    /// <summary>The path under which the file was known leads to it still: this is one more name of it.</summary>
    public bool KnownStays { get; init; }

    /// <summary>Of a deleted file: another one has its path now.</summary>
    public bool PathTaken { get; init; }

    public Mount? Mount { get; init; }
}

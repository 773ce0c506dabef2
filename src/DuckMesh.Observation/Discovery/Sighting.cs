using System.Collections.Immutable;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>One database as discovery knows it now. Immutable: replaced when something about it changes.</summary>
/// <param name="Name">The label <c>database</c>: short, unique on this host, and never given to another while this one is known.</param>
/// <param name="AccessPath">How this process reaches the file; differs from the id's path for a file that only another mount namespace sees (<c>/proc/&lt;pid&gt;/root/...</c>).</param>
public sealed record Sighting(DatabaseId Id, string Name, string AccessPath)
{
    /// <summary>Named in <c>watch</c> without a wildcard.</summary>
    public bool Configured { get; init; }

    /// <summary>The device whose probe threads serve it, from the lock table or the mount table, without touching the file.</summary>
    public ulong Device { get; init; }

    /// <summary>As the mount table names it: ext4, nfs4, ...; null where the mount is not ours to see.</summary>
    public string? FileSystem { get; init; }

    /// <summary>The one file that the access path may lead to, where that is a descriptor of its owner, which may come to mean another; else null.</summary>
    public FileIdentity? Pinned { get; init; }

    /// <summary>Other hosts may hold locks on it.</summary>
    public bool Network { get; init; }

    /// <summary>The processes that hold it, the one that started first in front; empty: nobody.</summary>
    public ImmutableArray<Holder> Holders { get; init; } = [];

    /// <summary>What became of it, when it is not where it was (renamed, its container gone); or null.</summary>
    public string? Note { get; init; }
}

namespace DuckMesh.Observation.Discovery;

/// <summary>A lock that was seen, and what is known of it as long as it lasts. Belongs to the thread of the pass.</summary>
internal sealed class Held(LockKey key)
{
    public LockKey Key { get; } = key;

    public HeldState State { get; set; }

    public bool ReadOnly { get; set; }

    /// <summary>The pass that saw it last.</summary>
    public int Seen { get; set; }

    /// <summary>Its place in the list of all, so that it leaves without a search.</summary>
    public int Position { get; set; }

    public int Descriptor { get; set; } = -1;

    /// <summary>Of what the descriptor's link said. An inode that was given to another file shows by it, at 8 bytes in place of a path.</summary>
    public ulong LinkHash { get; set; }

    /// <summary>How often no descriptor was found.</summary>
    public int Misses { get; set; }

    /// <summary>The pass that searched for its descriptor last.</summary>
    public int Traced { get; set; }

    /// <summary>The lock has ended; a look that is still out concerns nobody.</summary>
    public bool Ended { get; set; }

    /// <summary>When its process started, in clock ticks: the first of several holders is the owner.</summary>
    public ulong StartTicks { get; set; }

    /// <summary>How its file is reached through this process.</summary>
    public string AccessPath { get; set; } = "";

    public KnownDatabase? Database { get; set; }

    /// <summary>FNV-1a, 64 bits.</summary>
    public static ulong Hash(ReadOnlySpan<byte> link)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in link) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}

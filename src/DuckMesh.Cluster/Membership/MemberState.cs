namespace DuckMesh.Cluster.Membership;

/// <summary>What the table of members says of a node. Stored under these names.</summary>
public enum MemberState
{
    /// <summary>It runs and is no member: it says so itself.</summary>
    Starting,

    /// <summary>It asked to be let in, and may have become a member.</summary>
    Joining,

    /// <summary>It is a member.</summary>
    Up,

    /// <summary>The others have given it up.</summary>
    Down,
}

using System.Collections.Immutable;

namespace DuckMesh.Cluster.Membership;

/// <summary>What a starting node does next.</summary>
public abstract record FormationStep
{
    private FormationStep()
    {
    }

    /// <summary>It founds the cluster anew: nobody else is in it.</summary>
    public sealed record Found(long Founding) : FormationStep;

    /// <summary>It asks to be let in.</summary>
    /// <param name="Addresses">Of members that have been heard of.</param>
    public sealed record Join(long Founding, ImmutableArray<string> Addresses) : FormationStep;

    /// <summary>It looks again soon.</summary>
    /// <param name="Why">One line.</param>
    /// <param name="Announced">It tells the others that it is no member; not while its host's row is another node's.</param>
    public sealed record Wait(string Why, bool Announced) : FormationStep;

    /// <summary>It must not be a member.</summary>
    /// <param name="Why">One line: what is in the way, what to try.</param>
    public sealed record Refuse(string Why) : FormationStep;
}

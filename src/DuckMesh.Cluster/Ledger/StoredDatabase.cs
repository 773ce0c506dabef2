using System.Collections.Immutable;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Ledger;

/// <summary>A database as its cell's story tells it.</summary>
/// <param name="OwnedSeconds">How long it has had an owner, all in all, as last noted; decides whether it is expected.</param>
/// <param name="GoneSince">Since when its file is gone; null while it is there.</param>
/// <param name="Open">Its open episodes.</param>
/// <param name="Resolved">Its last resolved episodes that had fired, newest first, at most <see cref="KeptResolved"/>.</param>
public sealed record StoredDatabase(
    DatabaseId Id,
    string Name,
    bool Configured,
    DateTimeOffset DiscoveredAt,
    double OwnedSeconds,
    DateTimeOffset? GoneSince,
    ImmutableArray<Episode> Open,
    ImmutableArray<Episode> Resolved)
{
    /// <summary>Enough to see what happened lately; history has the rest.</summary>
    public const int KeptResolved = 5;

    public StoredDatabase With(Transition transition)
    {
        var episode = Episode.Apply(Open.FirstOrDefault(e => e.Id == transition.Episode), transition);
        var others = Open.RemoveAll(e => e.Id == transition.Episode);
        if (episode.Open) return this with { Open = others.Add(episode) };
        if (episode.FiredAt is null) return this with { Open = others };
        return this with { Open = others, Resolved = [episode, .. Resolved.Where(e => e.Id != episode.Id).Take(KeptResolved - 1)] };
    }
}

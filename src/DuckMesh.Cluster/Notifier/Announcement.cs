using DuckMesh.Model.Alerts;

namespace DuckMesh.Cluster.Notifier;

/// <summary>One line of the announcement log: a transition, said to the world. A repeat after a crash has the same id.</summary>
/// <param name="Id">The transition's id.</param>
/// <param name="Action">What the rule's action would have done: actions that change something are off until an operator turns them on.</param>
/// <param name="Recorded">False: the journal is down and the transition is not stored yet.</param>
public sealed record Announcement(
    string Id,
    string Episode,
    string Rule,
    Severity Severity,
    string? Database,
    string Host,
    EpisodeState State,
    DateTimeOffset At,
    DateTimeOffset Since,
    double? Value,
    double Threshold,
    string Reason,
    string Action,
    bool Recorded);

using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Alerts;

/// <summary>One run of a rule for one database.</summary>
/// <param name="Id"><c>&lt;database id&gt;#&lt;rule&gt;#&lt;since, Unix milliseconds&gt;</c>.</param>
/// <param name="Since">When the condition began to hold: the start of the rule's <c>for</c> clock.</param>
/// <param name="Changes">How many transitions it has gone through; numbers the next one.</param>
/// <param name="Value">The value at the last transition; null where there is none.</param>
public sealed record Episode(
    string Id,
    DatabaseId Database,
    string Rule,
    Severity Severity,
    EpisodeState State,
    DateTimeOffset Since,
    DateTimeOffset ChangedAt,
    int Changes,
    double? Value,
    double Threshold,
    string Reason)
{
    public DateTimeOffset? FiredAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    public bool Open => State != EpisodeState.Resolved;

    public static string IdOf(DatabaseId database, string rule, DateTimeOffset since) => $"{database}#{rule}#{since.ToUnixTimeMilliseconds()}";

    /// <summary>The episode after a transition of it; <paramref name="episode"/> is null for the transition that opens one.</summary>
    public static Episode Apply(Episode? episode, Transition transition) => new(
        transition.Episode, transition.Database, transition.Rule, transition.Severity, transition.To, transition.Since, transition.At,
        transition.Number, transition.Value, transition.Threshold, transition.Reason)
    {
        FiredAt = episode?.FiredAt ?? (transition.To == EpisodeState.Firing ? transition.At : null),
        AcknowledgedBy = episode?.AcknowledgedBy,
    };
}

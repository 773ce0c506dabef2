using DuckMesh.Model.Databases;

namespace DuckMesh.Model.Alerts;

/// <summary>
/// One change of an episode. It is proposed by the evaluator, stored by the ledger, then announced, at least once; <see cref="Id"/> tells a repeat.
/// </summary>
/// <param name="Episode">The episode's id.</param>
/// <param name="Number">1 for the transition that opens the episode, then counting up.</param>
/// <param name="Since">When the condition began to hold.</param>
/// <param name="Value">The value that decided; null when the decision was that there is none.</param>
/// <param name="Reason">For people, one line.</param>
public sealed record Transition(
    string Episode,
    int Number,
    DatabaseId Database,
    string Rule,
    Severity Severity,
    EpisodeState To,
    DateTimeOffset At,
    DateTimeOffset Since,
    double? Value,
    double Threshold,
    string Reason)
{
    public string Id => $"{Episode}#{Number}";
}

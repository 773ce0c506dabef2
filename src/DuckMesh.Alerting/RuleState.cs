using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Alerting;

/// <summary>What is kept of one rule for one database. There is none while the rule has never had data nor an episode.</summary>
internal sealed class RuleState(DateTimeOffset judgedAt)
{
    /// <summary>The open episode; null when there is none.</summary>
    public Episode? Episode { get; set; }

    public CounterWindow? Window { get; set; }

    /// <summary>When the rule could last be judged, or when waiting for its metric began anew: after a restart or a jump of the clock.</summary>
    public DateTimeOffset JudgedAt { get; set; } = judgedAt;
}

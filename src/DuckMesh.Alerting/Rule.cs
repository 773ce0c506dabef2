using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Alerting;

/// <summary>An alert condition of every database.</summary>
/// <param name="Threshold">In the metric's own unit; the condition holds above it. 0 where the condition has none to move (<see cref="Condition.HasThreshold"/>).</param>
/// <param name="For">How long the condition must hold before the episode fires.</param>
/// <param name="Action">What the rule would do besides telling, in the contract's words.</param>
/// <param name="Summary">One line for people.</param>
public sealed record Rule(string Name, Condition Condition, double Threshold, TimeSpan For, Severity Severity, string Action, string Summary)
{
    public bool Enabled { get; init; } = true;

    /// <summary>The action changes something (it is a remedy): it is off until an operator turns it on, and the episode says what would have been done.</summary>
    public bool ActionIsRemedy { get; init; }

    /// <summary>The metric that decides; its absence is <c>noData</c>.</summary>
    public string Metric => Condition.Metric;

    /// <summary>For a condition on what a counter gained: over how long; else null.</summary>
    public TimeSpan? Window => Condition.Window;

    /// <summary>The condition in PromQL.</summary>
    public string Expression => Condition.Expression(Threshold);
}

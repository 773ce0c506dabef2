using System.ComponentModel;
using System.Text.Json.Serialization;
using DuckMesh.Alerting;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Node.Http.Items;

[Description("An alert condition, and how many databases are in which state of it.")]
public sealed record RuleItem
{
    /// <summary>As another node wrote it.</summary>
    [JsonConstructor]
    internal RuleItem()
    {
    }

    internal RuleItem(Rule rule, int pending, int firing, int noData)
    {
        Name = rule.Name;
        Metric = rule.Metric;
        Expression = rule.Expression;
        Threshold = rule.Condition.HasThreshold ? rule.Threshold : null;
        Window = rule.Window?.TotalSeconds;
        For = rule.For.TotalSeconds;
        Severity = rule.Severity;
        Action = rule.Action;
        ActionIsRemedy = rule.ActionIsRemedy;
        Summary = rule.Summary;
        Enabled = rule.Enabled;
        Pending = pending;
        Firing = firing;
        NoData = noData;
    }

    public string Name { get; init; } = "";

    [Description("The metric that decides.")]
    public string Metric { get; init; } = "";

    [Description("The condition in PromQL.")]
    public string Expression { get; init; } = "";

    [Description("The condition holds above it; null for a condition that has none.")]
    public double? Threshold { get; init; }

    [Description("Seconds over which a counter's increase is taken; null for a condition on a value.")]
    public double? Window { get; init; }

    [Description("Seconds for which the condition must hold before it fires.")]
    public double For { get; init; }

    public Severity Severity { get; init; }

    [Description("What the rule would do besides telling.")]
    public string Action { get; init; } = "";

    [Description("The action changes something: it is off until an operator turns it on.")]
    public bool ActionIsRemedy { get; init; }

    public string Summary { get; init; } = "";

    public string Runbook => RunbookOf(Name);

    public bool Enabled { get; init; }

    public int Pending { get; init; }

    public int Firing { get; init; }

    [Description("Databases for which the rule can't be judged because its metric is absent.")]
    public int NoData { get; init; }

    public static string RunbookOf(string rule) => $"docs/runbooks/{rule}.md";
}

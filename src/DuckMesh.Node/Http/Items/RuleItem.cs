using System.ComponentModel;
using DuckMesh.Alerting;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Node.Http.Items;

[Description("An alert condition, and how many databases are in which state of it.")]
public sealed record RuleItem
{
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

    public string Name { get; }

    [Description("The metric that decides.")]
    public string Metric { get; }

    [Description("The condition in PromQL.")]
    public string Expression { get; }

    [Description("The condition holds above it; null for a condition that has none.")]
    public double? Threshold { get; }

    [Description("Seconds over which a counter's increase is taken; null for a condition on a value.")]
    public double? Window { get; }

    [Description("Seconds for which the condition must hold before it fires.")]
    public double For { get; }

    public Severity Severity { get; }

    [Description("What the rule would do besides telling.")]
    public string Action { get; }

    [Description("The action changes something: it is off until an operator turns it on.")]
    public bool ActionIsRemedy { get; }

    public string Summary { get; }

    public string Runbook => RunbookOf(Name);

    public bool Enabled { get; }

    public int Pending { get; }

    public int Firing { get; }

    [Description("Databases for which the rule can't be judged because its metric is absent.")]
    public int NoData { get; }

    public static string RunbookOf(string rule) => $"docs/runbooks/{rule}.md";
}

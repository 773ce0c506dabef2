using System.Collections.Immutable;

namespace DuckMesh.Alerting;

/// <summary>All rules that there are: of databases, of hosts, of nodes. Each has a runbook and an alert of the same name in <c>docker/prometheus</c>.</summary>
public static class BuiltInRules
{
    public static ImmutableArray<Rule> All { get; } = [.. RuleSet.BuiltIn.Rules, .. HostRules.BuiltIn.Rules, NodeRules.JournalDown];

    /// <summary>The rule of that name; null when there is none.</summary>
    public static Rule? Find(string name) => All.FirstOrDefault(r => r.Name == name);
}

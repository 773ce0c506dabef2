using System.Collections.Immutable;
using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Metrics;
using DuckMesh.Model.Naming;

namespace DuckMesh.Alerting;

/// <summary>The rules of a node.</summary>
public sealed class RuleSet
{
    /// <summary>What <see cref="DatabaseAlerts"/> can keep in one word; the built-in rules are 8.</summary>
    public const int MaxRules = 64;

    /// <summary>A condition that must hold for longer than a day is no alert.</summary>
    public static readonly TimeSpan LongestFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    /// <exception cref="ArgumentException">Two rules of one name, or more than <see cref="MaxRules"/>.</exception>
    public RuleSet(ImmutableArray<Rule> rules)
    {
        if (rules.Length > MaxRules) throw new ArgumentException($"There are {rules.Length} rules; at most {MaxRules} are possible.", nameof(rules));
        var twice = rules.CountBy(r => r.Name).FirstOrDefault(n => n.Value > 1).Key;
        if (twice is not null) throw new ArgumentException($"There are two rules '{twice}': give one of them another name.", nameof(rules));
        Rules = rules;
    }

    /// <summary>The rules that are on by default (contract, section 5).</summary>
    public static RuleSet BuiltIn { get; } = new(
    [
        new("HighCpu", new Above(MetricCatalog.CpuUsageRatio, OfOwner: true), 0.9, OneMinute, Severity.High, "warn",
            "The owner uses nearly all the CPU that it may use."),
        new("HighMemory", new Above(MetricCatalog.MemoryUsageRatio, OfOwner: true), 0.8, TimeSpan.Zero, Severity.High, "log, notify",
            "The owner uses nearly all the memory that it may use."),
        new("DiskFull", new Above(MetricCatalog.DiskUsageRatio), 0.9, TimeSpan.Zero, Severity.High, "stop accepting writes",
            "The file system of the database is nearly full.") { ActionIsRemedy = true },
        new("FailedQueries", new Increase(MetricCatalog.FailedQueries, OneMinute), 10, TimeSpan.Zero, Severity.Medium, "log",
            "Many queries failed within a minute."),
        new("Deadlocks", new Increase(MetricCatalog.TransactionConflicts, OneMinute), 5, TimeSpan.Zero, Severity.High, "restart the owner",
            "Many writers were refused within a minute because another transaction had changed the same data.") { ActionIsRemedy = true },
        new("SyncFailing", new Above(MetricCatalog.SyncConsecutiveFailures), 5, TimeSpan.Zero, Severity.Critical, "notify, retry with backoff",
            "Syncs of the database fail one after the other."),
        new("DatabaseDown", new Down(), 0, TimeSpan.Zero, Severity.Critical, "notify",
            "An expected database is not observed."),
        new("OwnerCrashed", new Crashed(), 0, OneMinute, Severity.High, "notify",
            "The owner of an expected database is gone without closing it, and nobody opened it again."),
    ]);

    public ImmutableArray<Rule> Rules { get; }

    /// <summary>The rule of that name; null when there is none.</summary>
    public Rule? Find(string name) => Rules.FirstOrDefault(r => r.Name == name);

    /// <summary>The same rules with one of them changed.</summary>
    /// <exception cref="ArgumentException">There is no rule of that name (the message names the nearest), or a value that the rule can't have.</exception>
    public RuleSet With(string name, double? threshold = null, TimeSpan? @for = null, bool? enabled = null)
    {
        var rule = Find(name) ?? throw new ArgumentException($"There is no rule '{name}': {Suggestion(name)}", nameof(name));
        if (threshold is { } limit) CheckThreshold(rule, limit);
        if (@for is { } span && (span < TimeSpan.Zero || span > LongestFor))
            throw new ArgumentException($"Rule {name}: 'for' must be between 0 and {LongestFor.TotalDays} day.", nameof(@for));

        return new RuleSet(Rules.Replace(rule, rule with
        {
            Threshold = threshold ?? rule.Threshold,
            For = @for ?? rule.For,
            Enabled = enabled ?? rule.Enabled,
        }));
    }

    private static void CheckThreshold(Rule rule, double threshold)
    {
        if (!rule.Condition.HasThreshold)
            throw new ArgumentException($"Rule {rule.Name} has no threshold: it asks whether '{rule.Expression}'. Its 'for' can be changed.", nameof(threshold));
        if (!double.IsFinite(threshold) || threshold < 0)
            throw new ArgumentException($"Rule {rule.Name}: the threshold must be a number, 0 or more.", nameof(threshold));
        if (MetricCatalog.ByName[rule.Metric].Unit == "ratio" && threshold > 1)
            throw new ArgumentException($"Rule {rule.Name}: {rule.Metric} is a ratio, so the threshold must be between 0 and 1: write 0.9 for 90 %.", nameof(threshold));
    }

    private string Suggestion(string name) =>
        Rules.IsEmpty ? "there are no rules." : $"did you mean '{NearestName.Of(name, Rules.Select(r => r.Name))}'? Known are {string.Join(", ", Rules.Select(r => r.Name))}.";
}

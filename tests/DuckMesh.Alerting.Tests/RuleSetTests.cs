using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

public sealed class RuleSetTests
{
    [Fact]
    public void The_built_in_rules_are_the_contracts() => Assert.Equal(
        [
            ("HighCpu", "duckdb_cpu_usage_ratio > 0.9", 60, Severity.High, "warn", false),
            ("HighMemory", "duckdb_memory_usage_ratio > 0.8", 0, Severity.High, "log, notify", false),
            ("DiskFull", "duckdb_disk_usage_ratio > 0.9", 0, Severity.High, "stop accepting writes", true),
            ("FailedQueries", "increase(duckdb_failed_queries_total[1m]) > 10", 0, Severity.Medium, "log", false),
            ("Deadlocks", "increase(duckdb_transaction_conflicts_total[1m]) > 5", 0, Severity.High, "restart the owner", true),
            ("SyncFailing", "duckdb_sync_consecutive_failures > 5", 0, Severity.Critical, "notify, retry with backoff", false),
            ("DatabaseDown", "duckdb_up == 0", 0, Severity.Critical, "notify", false),
            (
                "OwnerCrashed",
                "(duckdb_wal_commits > 0 or (duckdb_wal_size_bytes > 0 unless on (database, host) duckdb_wal_commits)) and on (database, host) duckdb_owned == 0",
                60, Severity.High, "notify", false),
        ],
        RuleSet.BuiltIn.Rules.Select(r => (r.Name, r.Expression, (int)r.For.TotalSeconds, r.Severity, r.Action, r.ActionIsRemedy)));

    [Fact]
    public void Each_rule_asks_for_a_metric_of_the_catalog() =>
        Assert.All(RuleSet.BuiltIn.Rules, r => Assert.True(MetricCatalog.ByName.ContainsKey(r.Metric), $"{r.Name} asks for {r.Metric}"));

    [Fact]
    public void One_rule_is_changed_and_the_others_stay()
    {
        var changed = RuleSet.BuiltIn.With("HighCpu", threshold: 0.5, @for: TimeSpan.FromSeconds(5)).With("Deadlocks", enabled: false);
        Assert.Equal((0.5, TimeSpan.FromSeconds(5), true), (changed.Rules[0].Threshold, changed.Rules[0].For, changed.Rules[0].Enabled));
        Assert.False(changed.Find("Deadlocks")!.Enabled);
        Assert.Equal(RuleSet.BuiltIn.Rules.Select(r => r.Name), changed.Rules.Select(r => r.Name));
        Assert.Equal(6, changed.Rules.Intersect(RuleSet.BuiltIn.Rules).Count());
        Assert.Equal(0.9, RuleSet.BuiltIn.Rules[0].Threshold);
    }

    [Theory]
    [InlineData("HighCPU", "HighCpu")]
    [InlineData("disk-full", "DiskFull")]
    [InlineData("Deadlock", "Deadlocks")]
    [InlineData("", "HighCpu")]
    public void An_unknown_name_is_answered_with_the_nearest(string name, string nearest)
    {
        var message = Assert.Throws<ArgumentException>(() => RuleSet.BuiltIn.With(name, threshold: 0.5)).Message;
        Assert.StartsWith($"There is no rule '{name}': did you mean '{nearest}'? Known are HighCpu,", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HighCpu", double.NaN, "must be a number")]
    [InlineData("HighCpu", double.PositiveInfinity, "must be a number")]
    [InlineData("HighCpu", -0.1, "must be a number")]
    [InlineData("HighCpu", 90, "write 0.9 for 90 %")]
    [InlineData("DatabaseDown", 1, "has no threshold")]
    [InlineData("OwnerCrashed", 1, "has no threshold")]
    public void A_threshold_that_cannot_be_is_refused(string rule, double threshold, string says) =>
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => RuleSet.BuiltIn.With(rule, threshold)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1)]
    [InlineData(86_401)]
    public void A_time_that_cannot_be_is_refused(int seconds) =>
        Assert.Throws<ArgumentException>(() => RuleSet.BuiltIn.With("HighCpu", @for: TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Two_rules_of_one_name_are_refused()
    {
        var rule = RuleSet.BuiltIn.Rules[0];
        Assert.Contains("two rules 'HighCpu'", Assert.Throws<ArgumentException>(() => new RuleSet([rule, rule])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RuleSet([.. Enumerable.Range(0, 65).Select(i => rule with { Name = $"r{i}" })]));
    }

    [Fact]
    public void No_batch_decides_a_rule_of_the_node()
    {
        var rule = NodeRules.JournalDown;
        Assert.Equal(("duckmesh_journal_up == 0", 10, Severity.Critical), (rule.Expression, (int)rule.For.TotalSeconds, rule.Severity));
        var story = new Story(new RuleSet([rule])).Set(MetricCatalog.Up, 0);
        story.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(story.Transitions);
        Assert.Empty(story.Alerts.NoData);
        Assert.IsType<OfNode>(rule.Condition);
    }
}

using System.Collections.Immutable;

namespace DuckMesh.Alerting.Tests.Prometheus;

/// <summary>The alerts of Prometheus are the node's own.</summary>
public sealed class AlertRulesTests
{
    /// <summary>The node knows which databases are expected; Prometheus must ask.</summary>
    private const string Expected = " and on (database, host) duckmesh_database_expected == 1";

    private static readonly IReadOnlyList<RuleFile.Entry> Alerts = RuleFile.Read("docker/prometheus/rules/duckmesh.yml");

    public static TheoryData<string> Names => [.. All().Select(r => r.Name)];

    [Fact]
    public void Each_rule_has_its_alert_and_each_alert_its_rule()
    {
        Assert.All(Alerts, a => Assert.Equal("alert", a.Kind));
        Assert.Equal(All().Select(r => r.Name).Order(), Alerts.Select(a => a.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_is_its_rule(string name)
    {
        var rule = All().Single(r => r.Name == name);
        var alert = Alerts.Single(a => a.Name == name);
        Assert.Equal(name is "DatabaseDown" or "OwnerCrashed" ? rule.Expression + Expected : rule.Expression, alert.Expression);
        Assert.Equal(rule.For, alert.For);
        Assert.Equal(rule.Severity.ToString().ToLowerInvariant(), alert.Field("severity"));
        Assert.Equal($"docs/runbooks/{name}.md", alert.Field("runbook_url"));
        Assert.Equal("\"{{ $value }}\"", alert.Field("value"));
        Assert.NotNull(alert.Field("summary"));
        Assert.NotNull(alert.Field("description"));
    }

    [Fact]
    public void Each_alert_is_tested_to_fire_and_not_to_fire()
    {
        var tests = Repository.Read("docker/prometheus/tests/alerts.yml").ReplaceLineEndings("\n");
        foreach (var rule in All())
        {
            Assert.Contains($"alertname: {rule.Name}\n        exp_alerts: []", tests, StringComparison.Ordinal);
            Assert.Contains($"alertname: {rule.Name}\n        exp_alerts:\n          - exp_labels", tests, StringComparison.Ordinal);
        }
    }

    private static ImmutableArray<Rule> All() => BuiltInRules.All;
}

using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests.Prometheus;

/// <summary>The plain names of the original design are recorded, and nothing else.</summary>
public sealed class PlainNamesTests
{
    private static readonly IReadOnlyList<RuleFile.Entry> Records = RuleFile.Read("docker/prometheus/rules/seed-names.yml");

    [Fact]
    public void Each_plain_name_is_recorded_once_from_its_metric()
    {
        var names = MetricCatalog.Metrics.Where(m => m.PlainName is not null).SelectMany(m => m.PlainName!.Split(", "), (m, name) => (Name: name, Metric: m.Name)).ToArray();
        Assert.All(Records, r => Assert.Equal("record", r.Kind));
        Assert.Equal(names.Select(n => n.Name).Order(), Records.Select(r => r.Name).Order());
        foreach (var (name, metric) in names)
        {
            Assert.Contains(metric, Records.Single(r => r.Name == name).Expression, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_percentage_is_a_hundred_times_the_ratio()
    {
        var percentages = Records.Where(r => r.Name.EndsWith("_percent", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, percentages.Length);
        Assert.All(percentages, r => Assert.Matches(@"^100 \* duckdb_\w+_ratio$", r.Expression));
    }

    [Fact]
    public void Each_plain_name_is_tested()
    {
        var tests = Repository.Read("docker/prometheus/tests/plain-names.yml");
        Assert.All(Records, r => Assert.Contains($"- expr: {r.Name}", tests, StringComparison.Ordinal));
    }
}

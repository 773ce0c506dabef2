using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests.Prometheus;

/// <summary>promtool itself reads what we ship, and runs our tests of it.</summary>
public sealed partial class PromtoolTests
{
    /// <summary>It takes a tenth of a second.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_configuration_is_valid_and_finds_its_rules()
    {
        var (code, output) = Promtool("check", "config", Repository.Path("docker/prometheus/prometheus.yml"));
        Assert.True(code == 0, output);
        Assert.Contains("2 rule files found", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("duckmesh.yml")]
    [InlineData("seed-names.yml")]
    public void The_rules_are_valid(string file)
    {
        var (code, output) = Promtool("check", "rules", "--lint=all", "--lint-fatal", Repository.Path($"docker/prometheus/rules/{file}"));
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("alerts.yml")]
    [InlineData("plain-names.yml")]
    public void The_rules_do_what_their_tests_say(string file)
    {
        var (code, output) = Promtool("test", "rules", Repository.Path($"docker/prometheus/tests/{file}"));
        Assert.True(code == 0, output);
    }

    /// <summary>What the runbooks and the list of metrics tell people to ask, Prometheus understands.</summary>
    [Fact]
    public void The_expressions_of_the_documents_are_valid()
    {
        var documents = Directory.EnumerateFiles(Repository.Path("docs/runbooks"), "*.md").Select(File.ReadAllText);
        var expressions = documents.SelectMany(d => Block().Matches(d)).SelectMany(m => m.Groups[1].Value.Trim().Split('\n')).ToArray();
        Assert.NotEmpty(expressions);
        var rules = string.Concat(expressions.Select((e, i) => $"  - record: expression:{i}\n    expr: '{e.Replace("'", "''", StringComparison.Ordinal)}'\n"));
        var folder = Directory.CreateTempSubdirectory("duckmesh-promql");
        try
        {
            var file = Path.Combine(folder.FullName, "rules.yml");
            File.WriteAllText(file, $"groups:\n- name: documents\n  rules:\n{rules}");
            var (code, output) = Promtool("check", "rules", file);
            Assert.True(code == 0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var names = expressions.SelectMany(e => MetricName().Matches(e)).Select(m => m.Value).Distinct();
        Assert.All(names, n => Assert.True(MetricCatalog.ByName.ContainsKey(n) || BuiltInRules.All.Any(r => r.Metric == n), $"There is no metric {n}."));
    }

    [GeneratedRegex("^```promql\\n(.+?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\bduck(db|mesh)_\w+")]
    private static partial Regex MetricName();

    private static (int Code, string Output) Promtool(params string[] arguments)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            Assert.Fail("promtool is not installed: apt-get install --no-install-recommends prometheus");
        }

        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Deadline))
        {
            process.Kill();
            Assert.Fail($"promtool {string.Join(' ', arguments)} did not end within {Deadline}.");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
    }
}

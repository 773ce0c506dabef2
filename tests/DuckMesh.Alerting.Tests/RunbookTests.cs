namespace DuckMesh.Alerting.Tests;

public sealed class RunbookTests
{
    private static readonly string[] Sections =
        ["## What it means", "## Why it matters", "## How to look", "## What to do", "## What DuckMesh does", "## Tune or silence", "## False alarms"];

    private static readonly string[] Rules = [.. BuiltInRules.All.Select(r => r.Name)];

    public static TheoryData<string> Names => [.. Rules];

    [Fact]
    public void Each_rule_has_its_runbook_and_each_runbook_its_rule() =>
        Assert.Equal(Rules.Order(), Directory.EnumerateFiles(Repository.Path("docs/runbooks"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_runbook_says_what_the_rule_is(string name)
    {
        var rule = BuiltInRules.Find(name)!;
        var text = Repository.Read($"docs/runbooks/{name}.md");
        Assert.StartsWith($"# {name}\n", text, StringComparison.Ordinal);
        Assert.Contains($"`{rule.Expression}`", text, StringComparison.Ordinal);
        Assert.Contains($"| severity | {rule.Severity.ToString().ToLowerInvariant()} |", text, StringComparison.Ordinal);
        Assert.Contains($"| action | {rule.Action}{(rule.ActionIsRemedy ? " (off until an operator turns it on)" : "")} |", text, StringComparison.Ordinal);
        Assert.Contains($"| for | {(rule.For == TimeSpan.Zero ? "at once" : $"{rule.For.TotalSeconds} s")} |", text, StringComparison.Ordinal);
        Assert.Equal(Sections, text.Split('\n').Where(l => l.StartsWith("## ", StringComparison.Ordinal)));
    }
}

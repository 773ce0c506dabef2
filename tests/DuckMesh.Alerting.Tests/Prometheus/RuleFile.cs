using System.Globalization;
using System.Text.RegularExpressions;

namespace DuckMesh.Alerting.Tests.Prometheus;

/// <summary>
/// Our own rule files, as far as the tests must look into them: one entry after the other, each of scalar fields. promtool has checked that they are valid;
/// of YAML this reads no more than they use.
/// </summary>
internal static partial class RuleFile
{
    public static IReadOnlyList<Entry> Read(string path) =>
        [.. EntryStart().Split(Repository.Read(path)).Skip(1).Chunk(3).Select(c => new Entry(c[0], c[1], c[2]))];

    [GeneratedRegex(@"^ +- (alert|record): (\w+)$", RegexOptions.Multiline)]
    private static partial Regex EntryStart();

    public sealed partial record Entry(string Kind, string Name, string Body)
    {
        /// <summary>The PromQL, on one line.</summary>
        public string Expression => Blanks().Replace(ExpressionField().Match(Body).Groups[1].Value, " ").Trim();

        public TimeSpan For => Field("for") is { } text ? TimeSpan.FromSeconds(double.Parse(text[..^1], CultureInfo.InvariantCulture) * (text[^1] == 'm' ? 60 : 1)) : TimeSpan.Zero;

        public string? Field(string name) => Regex.Match(Body, $"^ +{name}: (.+)$", RegexOptions.Multiline) is { Success: true } m ? m.Groups[1].Value : null;

        [GeneratedRegex(@"^ +expr: \|?((?:.+|\n {10}.+)+)", RegexOptions.Multiline)]
        private static partial Regex ExpressionField();

        [GeneratedRegex(@"\s+")]
        private static partial Regex Blanks();
    }
}

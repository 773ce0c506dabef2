using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DuckMesh.Acceptance.Nodes;

/// <summary>A sample of Prometheus' text format.</summary>
internal sealed record Sample(string Name, ImmutableDictionary<string, string> Labels, double Value);

/// <summary>What <c>/metrics</c> answered. Only as much of the format as a test needs: promtool judges the rest.</summary>
internal sealed partial class Exposition(IReadOnlyList<Sample> samples)
{
    public IReadOnlyList<Sample> Samples { get; } = samples;

    public static Exposition Parse(string text) => new(
        [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(ParseLine)]);

    public IEnumerable<Sample> Of(string name) => Samples.Where(sample => sample.Name == name);

    /// <summary>The value of the series with these labels, among others; null when there is none.</summary>
    public double? Value(string name, params (string Name, string Value)[] labels) =>
        Of(name).SingleOrDefault(sample => labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value))?.Value;

    private static Sample ParseLine(string line)
    {
        var match = Line().Match(line);
        if (!match.Success)
            throw new FormatException($"no sample: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value).ToImmutableDictionary(label => label.Groups[1].Value, label => Regex.Unescape(label.Groups[2].Value));
        return new Sample(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value));
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)""")]
    private static partial Regex Line();

    [GeneratedRegex("""(\w+)="((?:[^"\\]|\\.)*)",?""")]
    private static partial Regex Label();
}

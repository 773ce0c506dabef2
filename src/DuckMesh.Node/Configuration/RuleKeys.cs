using System.Globalization;
using DuckMesh.Alerting;

namespace DuckMesh.Node.Configuration;

/// <summary><c>duckmesh.rules</c>: what is changed of the built-in rules.</summary>
internal static class RuleKeys
{
    private static readonly string[] Known = ["threshold", "for", "enabled"];

    public static RuleSet Apply(RuleSet rules, Setting setting, Mistakes mistakes)
    {
        if (setting.Keys is not { } keys)
        {
            mistakes.Add(setting, "duckmesh.rules", $"{setting.Kind} is not possible; write rules by name, such as rules {{ HighCpu {{ threshold = 0.8 }} }}.");
            return rules;
        }

        foreach (var (name, changes) in keys) rules = Change(rules, name, changes, mistakes);
        return rules;
    }

    private static RuleSet Change(RuleSet rules, string name, Setting changes, Mistakes mistakes)
    {
        var key = $"rules.{name}";
        if (changes.Keys is not { } keys)
        {
            mistakes.Add(changes, $"duckmesh.{key}", $"{changes.Kind} is not possible; write threshold, for or enabled, such as {name} {{ threshold = 0.8 }}.");
            return rules;
        }

        double? threshold = null;
        TimeSpan? span = null;
        bool? enabled = null;
        foreach (var (part, value) in keys)
        {
            switch (part)
            {
                case "threshold": threshold = Threshold(value, $"{key}.{part}", mistakes); break;
                case "for": span = Keys.Span(value, $"{key}.{part}", mistakes, TimeSpan.Zero, RuleSet.LongestFor); break;
                case "enabled": enabled = Keys.Switch(value, $"{key}.{part}", mistakes); break;
                default: mistakes.Add(value, $"duckmesh.{key}.{part}", $"there is no such key; did you mean '{Nearest.Of(part, Known)}'? Known are {string.Join(", ", Known)}."); break;
            }
        }

        try
        {
            return rules.With(name, threshold, span, enabled);
        }
        catch (ArgumentException e)
        {
            // .NET adds the parameter's name to the message, which is no word of a configuration.
            mistakes.Add(changes, $"duckmesh.{key}", e.Message.Split(" (Parameter", 2)[0]);
            return rules;
        }
    }

    private static double? Threshold(Setting setting, string key, Mistakes mistakes)
    {
        const string Allowed = "write a number, 0 or more, such as 0.9";
        if (Keys.Text(setting, key, mistakes, Allowed) is not { } text) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) return number;
        mistakes.Add(setting, $"duckmesh.{key}", $"'{text}' is no number; {Allowed}.");
        return null;
    }
}

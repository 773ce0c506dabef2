using System.Globalization;

namespace DuckMesh.Node.Configuration;

/// <summary>Durations as people write them: a number and ms, s, m, h or d.</summary>
internal static class Duration
{
    public const string Example = "write a number and ms, s, m, h or d, such as 500ms or 5s";

    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>A longer time is meant by nobody, and does not fit every clock.</summary>
    private const double MostMilliseconds = 366 * 86_400_000d;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.TrimEnd("abcdefghijklmnopqrstuvwxyz".ToCharArray());
        var unit = Units.FirstOrDefault(u => u.Unit == text[digits.Length..]);
        if (unit.Unit is null || !double.TryParse(digits.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var milliseconds = number * unit.Milliseconds;
        if (!(milliseconds <= MostMilliseconds)) return false;
        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>As it would be written in a configuration.</summary>
    public static string Text(TimeSpan duration)
    {
        var (unit, milliseconds) = Units.Last(u => u.Unit == "ms" || (duration.TotalMilliseconds >= u.Milliseconds && duration.TotalMilliseconds % u.Milliseconds == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds / milliseconds}{unit}");
    }
}

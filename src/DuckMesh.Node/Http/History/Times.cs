using System.Globalization;
using DuckMesh.Node.Configuration;

namespace DuckMesh.Node.Http.History;

/// <summary>Times and durations in query parameters, as Prometheus' API takes them.</summary>
internal static class Times
{
    private const string Allowed = "write RFC 3339, such as 2026-11-24T12:00:00Z, or Unix seconds";

    /// <summary>DateTimeOffset's own bounds in Unix seconds, with a day to spare for whoever adds to it.</summary>
    private static readonly double Earliest = DateTimeOffset.MinValue.AddDays(1).ToUnixTimeSeconds();
    private static readonly double Latest = DateTimeOffset.MaxValue.AddDays(-1).ToUnixTimeSeconds();

    /// <summary>The range that is asked for; by default the hour until now.</summary>
    /// <exception cref="BadQueryException">A time can't be read, or the range is empty.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) Range(string? from, string? to, DateTimeOffset now, TimeSpan usual)
    {
        var end = to is null ? now : Of("to", to);
        var begin = from is null ? end - usual : Of("from", from);
        return begin < end ? (begin, end) : throw new BadQueryException($"from: {Text(begin)} is not before to, {Text(end)}; swap them, or leave to out for now.");
    }

    /// <exception cref="BadQueryException">It can't be read.</exception>
    public static TimeSpan? Step(string? step)
    {
        if (step is null) return null;
        var text = step.Length > 0 && step.All(c => char.IsAsciiDigit(c) || c == '.') ? step + "s" : step;
        return Duration.TryParse(text, out var span) && span >= TimeSpan.FromSeconds(1)
            ? span
            : throw new BadQueryException($"step: '{step}' is not possible; write seconds, 1 or more, or a number and s, m, h or d, such as 15s.");
    }

    private static DateTimeOffset Of(string parameter, string text)
    {
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= Earliest && seconds <= Latest)
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.ToUnixTimeSeconds() >= Earliest && time.ToUnixTimeSeconds() <= Latest) return time;
        throw new BadQueryException($"{parameter}: '{text}' is no time; {Allowed}. A plus sign in a URL must be written %2B.");
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

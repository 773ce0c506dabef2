namespace DuckMesh.History.Reading;

/// <summary>How a time is answered: in which steps, and from which rows. Pure.</summary>
/// <param name="Step">Whole seconds, not less than was asked for.</param>
/// <param name="Coarsened">The step is wider than was asked for, because the range is too wide for it, or its samples are not kept any more.</param>
public sealed record RangePlan(TimeSpan Step, Tier Tier, bool Coarsened)
{
    /// <summary>Points of one series: as many as Prometheus gives, some ten screens wide.</summary>
    public const int MostPoints = 11_000;

    /// <summary>Points of one series when no step is asked for: about one for every few pixels of a chart.</summary>
    public const int UsualPoints = 300;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Steps that people read easily; each is a part of the day.</summary>
    private static readonly TimeSpan[] Round =
    [
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(s => TimeSpan.FromSeconds(s)),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(m => TimeSpan.FromMinutes(m)),
        .. new[] { 1, 2, 3, 6, 12, 24 }.Select(h => TimeSpan.FromHours(h)),
    ];

    /// <param name="step">Null: chosen by the width of the range.</param>
    /// <param name="keptSince">Samples older than this are gone; the hourly rollup is not.</param>
    public static RangePlan Of(DateTimeOffset from, DateTimeOffset to, TimeSpan? step, DateTimeOffset keptSince)
    {
        var width = to - from;
        var wanted = step is { } asked ? WholeSeconds(asked) : RoundUp(width / UsualPoints);
        var possible = wanted < width / MostPoints ? RoundUp(width / MostPoints) : wanted;
        var gone = from < keptSince;
        if (gone && possible < Hour) possible = Hour;
        // The rollup's rows are hours: only whole ones can be put together.
        var tier = possible >= Hour && (gone || possible.Ticks % Hour.Ticks == 0) ? Tier.Hour : Tier.Raw;
        if (tier == Tier.Hour) possible = RoundUp(possible, Hour);
        return new RangePlan(possible, tier, step is not null && possible > wanted);
    }

    private static TimeSpan WholeSeconds(TimeSpan span) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(span.TotalSeconds)));

    private static TimeSpan RoundUp(TimeSpan span) => Array.Find(Round, r => r >= span) is { Ticks: > 0 } round ? round : RoundUp(span, TimeSpan.FromDays(1));

    private static TimeSpan RoundUp(TimeSpan span, TimeSpan unit) => unit * Math.Ceiling(span / unit);
}

using DuckMesh.Model.Metrics;

namespace DuckMesh.History;

/// <summary>How many days history keeps what (contract, section 6). A change holds for what is stored from then on.</summary>
public sealed record Retention
{
    /// <summary>Longer than any store can count in: <see cref="Blocks.Sample.Latest"/> and this together stay below 2106, where 32 bits of seconds end.</summary>
    public const int MaxDays = 2_000;

    public static Retention Default { get; } = new();

    /// <summary>A month at full resolution answers "like last week"; what is older is answered by the hour.</summary>
    public int Samples { get; init; } = 30;

    /// <inheritdoc cref="Samples"/>
    public int Query { get; init; } = 30;

    /// <summary>A quarter: errors are compared between releases.</summary>
    public int Error { get; init; } = 90;

    /// <inheritdoc cref="Error"/>
    public int Sync { get; init; } = 90;

    /// <inheritdoc cref="Samples"/>
    public int Commit { get; init; } = 30;

    /// <inheritdoc cref="Samples"/>
    public int Conflict { get; init; } = 30;

    /// <summary>A year, as audits ask for; all events are kept so long.</summary>
    public int Alert { get; init; } = 365;

    /// <summary>The hourly rollup: a year, so that a season can be compared with the last; never shorter than any samples, which it must outlive.</summary>
    public int Rollup => Math.Max(LeastRollup, Enum.GetValues<RetentionClass>().Max(Days));

    private const int LeastRollup = 365;

    public int Days(RetentionClass kept) => kept switch
    {
        RetentionClass.Samples => Samples,
        RetentionClass.Query => Query,
        RetentionClass.Error => Error,
        RetentionClass.Sync => Sync,
        RetentionClass.Commit => Commit,
        RetentionClass.Conflict => Conflict,
        RetentionClass.Alert => Alert,
        _ => throw new ArgumentOutOfRangeException(nameof(kept), kept, "no such retention class"),
    };
}

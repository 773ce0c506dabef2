namespace DuckMesh.History.Blocks;

/// <summary>One value of a series.</summary>
/// <param name="At">Unix time in whole seconds: jitter of milliseconds costs a store more than all the labels. From <see cref="Earliest"/>, before <see cref="Latest"/>.</param>
/// <param name="Value">Finite, or infinite where the metric may be; never NaN: what is absent is no sample.</param>
public readonly record struct Sample(SeriesKey Series, long At, double Value)
{
    /// <summary>1970: a store may count seconds without a sign.</summary>
    public const long Earliest = 0;

    /// <summary>2100: with the longest retention added, 32 bits still hold it.</summary>
    public const long Latest = 4_102_444_800;

    /// <summary>Whether a clock that says so can be stored; one that has jumped further than this is no time of a sample.</summary>
    public static bool IsTime(long at) => at is >= Earliest and < Latest;
}

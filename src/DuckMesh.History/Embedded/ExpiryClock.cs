namespace DuckMesh.History.Embedded;

/// <summary>
/// Whether a clock is believed when things are deleted by it. One that was set a year ahead would otherwise delete a year's history; it is believed only when it has stayed
/// so for a day, measured by a clock that can't be set. What is deleted late does no harm.
/// </summary>
internal sealed class ExpiryClock(TimeProvider time)
{
    /// <summary>Longer than a node is down for a weekend's maintenance is not told from a clock that was set wrong.</summary>
    public static readonly TimeSpan LongestLeap = TimeSpan.FromDays(2);

    /// <summary>So long an operator has to notice and set the clock right.</summary>
    public static readonly TimeSpan BelievedAfter = TimeSpan.FromDays(1);

    private long? _leapt;

    /// <param name="last">When something was deleted last, by the same clock; null: never.</param>
    public bool Believes(DateTimeOffset? last, DateTimeOffset now)
    {
        if (last is null || now - last <= LongestLeap)
        {
            _leapt = null;
            return true;
        }

        _leapt ??= time.GetTimestamp();
        return time.GetElapsedTime(_leapt.Value) >= BelievedAfter;
    }
}

namespace DuckMesh.History.Blocks;

/// <summary>What is handed to a store at once: stored wholly or not at all, and once however often it is sent.</summary>
/// <param name="Id">Names the content: the same id always comes with the same rows.</param>
public sealed record HistoryBlock(string Id, IReadOnlyList<Sample> Samples, IReadOnlyList<HistoryEvent> Events)
{
    /// <summary>
    /// A store knows the ids of at least so many blocks before the newest. Blocks are delivered in order, so that a block which is sent again is the last one;
    /// this many, over a day of one node, leaves room for an operator who puts an older spool back.
    /// </summary>
    public const int Remembered = 10_000;

    public int Rows => Samples.Count + Events.Count;

    /// <summary>Each store does this first, so that all refuse the same.</summary>
    /// <exception cref="HistoryException"><see cref="HistoryFault.Poison"/>: a row that no store can hold.</exception>
    public void Check()
    {
        foreach (var sample in Samples)
        {
            if (double.IsNaN(sample.Value)) throw Poison(sample, "is no number");
            if (!Sample.IsTime(sample.At)) throw Poison(sample, $"has the time {sample.At} s, which is not between 1970 and 2100");
            if (sample.Series.RetentionDays is < 1 or > Retention.MaxDays) throw Poison(sample, $"is to be kept for {sample.Series.RetentionDays} days, which is not between 1 and {Retention.MaxDays}");
        }

        foreach (var e in Events)
        {
            if (!Sample.IsTime(e.At.ToUnixTimeSeconds())) throw Poison($"event '{e.Id}' has the time {e.At:O}, which is not between 1970 and 2100");
        }
    }

    private HistoryException Poison(Sample sample, string what) => Poison($"a sample of {sample.Series.Metric} of '{sample.Series.Database}' on {sample.Series.Host} {what}");

    private HistoryException Poison(string what) => new(HistoryFault.Poison, $"block {Id} can't be stored: {what}");
}

namespace DuckMesh.History.Blocks;

/// <summary>What is handed to a store at once: stored wholly or not at all, and once however often it is sent.</summary>
/// <param name="Id">Names the content: the same id always comes with the same rows.</param>
public sealed record HistoryBlock(string Id, IReadOnlyList<Sample> Samples, IReadOnlyList<HistoryEvent> Events)
{
    public int Rows => Samples.Count + Events.Count;
}

namespace DuckMesh.History.Tests.Conformance;

/// <param name="Samples">Rows of samples, each counted that is there twice.</param>
/// <param name="Rolled">How many samples the hourly rollup has counted.</param>
public sealed record StoredRows(long Samples, long Rolled, long Events)
{
    public static StoredRows None { get; } = new(0, 0, 0);

    public static StoredRows Of(long samples, long events = 0) => new(samples, samples, events);
}

namespace DuckMesh.History.Blocks;

/// <summary>One value of a series.</summary>
/// <param name="At">Unix time in whole seconds: jitter of milliseconds costs a store more than all the labels.</param>
/// <param name="Value">Finite, or infinite where the metric may be; never NaN: what is absent is no sample.</param>
public readonly record struct Sample(SeriesKey Series, long At, double Value);

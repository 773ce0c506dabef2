namespace DuckMesh.History.Reading;

/// <summary>How the samples of a bucket become one value.</summary>
public enum Aggregation
{
    /// <summary>Their mean: for gauges.</summary>
    Mean,

    /// <summary>Their greatest: for counters, which only grow.</summary>
    Max,
}

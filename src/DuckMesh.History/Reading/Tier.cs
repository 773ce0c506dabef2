namespace DuckMesh.History.Reading;

/// <summary>Which rows answer.</summary>
public enum Tier
{
    /// <summary>The samples as they were taken.</summary>
    Raw,

    /// <summary>Minimum, maximum, sum and count by hour, kept longer than the samples.</summary>
    Hour,
}

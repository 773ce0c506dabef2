namespace DuckMesh.Model.Metrics;

/// <summary>How long history keeps a metric's samples (contract, section 6).</summary>
public enum RetentionClass
{
    Samples,
    Query,
    Error,
    Sync,
    Commit,
    Conflict,
    Alert,
}

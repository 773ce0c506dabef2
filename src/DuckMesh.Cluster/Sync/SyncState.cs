namespace DuckMesh.Cluster.Sync;

/// <summary>What a database's sync is doing. Without a target there is nothing to do and nothing to claim: no sync metric exists, and SyncFailing has no data.</summary>
public enum SyncState
{
    /// <summary>No target is configured for this database.</summary>
    NoTarget,
}

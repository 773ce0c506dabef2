using Akka.Actor.Setup;
using DuckMesh.Cluster.Postgres;

namespace DuckMesh.Cluster.SplitBrain;

/// <summary>What the lease needs. Akka makes leases itself, by class name, and its settings are no place for a password.</summary>
public sealed class PostgresLeaseSetup(PostgresDatabase database, NodeStatus status, NodeMetrics metrics, TimeProvider time) : Setup
{
    public PostgresDatabase Database { get; } = database;

    public NodeStatus Status { get; } = status;

    public NodeMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;
}

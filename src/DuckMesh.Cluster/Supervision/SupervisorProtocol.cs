using Akka.Actor;
using Akka.Event;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Cluster.Supervision;

/// <summary>Between a cell, a database's supervisor and its children; all on one node.</summary>
public static class SupervisorProtocol
{
    /// <summary>Time to look at the database.</summary>
    public sealed record Look : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Look Instance = new();
    }

    /// <summary>From the cell: the database's story so far; the supervisor starts its children with it.</summary>
    /// <param name="Fence">The cell's fencing number, for all that is asked of the edge.</param>
    public sealed record Resume(StoredDatabase Database, long Fence) : INoSerializationVerificationNeeded;

    /// <summary>From the cell: transitions were refused; go on from what is stored.</summary>
    public sealed record Reconcile(StoredDatabase Database) : INoSerializationVerificationNeeded;

    /// <summary>From the collector.</summary>
    public sealed record Collected(Batch Batch) : INoSerializationVerificationNeeded;

    /// <summary>From the collector: the host has no node. It is shown, and nothing is judged by it: the host's own alert speaks for its databases.</summary>
    public sealed record HostLost(Batch Batch) : INoSerializationVerificationNeeded;

    /// <summary>From the alert evaluator.</summary>
    public sealed record Proposed(Transition Transition) : INoSerializationVerificationNeeded;
}

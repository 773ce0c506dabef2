using System.Collections.Immutable;
using Akka.Actor;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Cluster.Edge;

/// <summary>What an edge is asked and answers.</summary>
public static class EdgeProtocol
{
    /// <summary>Look at a database. Answered by a <c>Reading</c> or by <see cref="ProbeFailed"/>, always by one of them, at the deadline at the latest.</summary>
    public sealed record Probe(DatabaseId Database, DateTimeOffset Deadline) : IWireMessage;

    public sealed record ProbeFailed(DatabaseId Database, DateTimeOffset At, string Reason) : IWireMessage;

    /// <summary>From a cell that has read its story: these are watched, under these names.</summary>
    public sealed record Adopt(ImmutableArray<FoundDatabase> Databases) : IWireMessage;

    /// <summary>From a cell: it is not watched any more.</summary>
    public sealed record Forget(DatabaseId Database) : IWireMessage;

    /// <summary>The node is up and its region started: look for databases from now on.</summary>
    public sealed record StartDiscovery(IActorRef Region) : INoSerializationVerificationNeeded;

    internal sealed record PassEnded(DiscoveryReport Report, TimeSpan Took) : INoSerializationVerificationNeeded;

    internal sealed record PassFailed(Exception Cause) : INoSerializationVerificationNeeded;
}

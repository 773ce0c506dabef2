using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Akka.Actor;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Cluster.Edge;

/// <summary>What an edge is asked and answers. A cell tells its requests to the node's <see cref="EdgeRouter"/>, which knows where the host's edge is.</summary>
public static class EdgeProtocol
{
    /// <summary>
    /// Look at a database. Answered by a <c>Reading</c>, by <see cref="ProbeFailed"/>, <see cref="HostLost"/> or <see cref="Refused"/>, within the time given at the latest,
    /// unless the host's node dies meanwhile.
    /// </summary>
    /// <param name="Within">A span, not a time: the clocks of two nodes differ.</param>
    public sealed record Probe(DatabaseId Database, TimeSpan Within, long Fence) : IEdgeRequest
    {
        [JsonIgnore]
        public string Cell => CellId.Of(Database);
    }

    public sealed record ProbeFailed(DatabaseId Database, DateTimeOffset At, string Reason) : IWireMessage
    {
        /// <summary>The edge has started anew and was not told of the database yet.</summary>
        public bool Stranger { get; init; }
    }

    /// <summary>The host has no node now, so nobody can look.</summary>
    public sealed record HostLost(DatabaseId Database, DateTimeOffset At) : INoSerializationVerificationNeeded;

    /// <summary>The request came from an older life of the cell than the edge has heard of: that life is over.</summary>
    /// <param name="Newest">The newest fencing number of the cell.</param>
    public sealed record Refused(string Cell, long Newest) : IWireMessage;

    /// <summary>These are watched, under these names.</summary>
    public sealed record Adopt(string Cell, ImmutableArray<FoundDatabase> Databases, long Fence) : IEdgeRequest;

    /// <summary>These are stored and supervised: the edge need not announce them any more.</summary>
    public sealed record Known(string Cell, ImmutableArray<DatabaseId> Databases, long Fence) : IEdgeRequest;

    /// <summary>It is not watched any more.</summary>
    public sealed record Forget(DatabaseId Database, long Fence) : IEdgeRequest
    {
        [JsonIgnore]
        public string Cell => CellId.Of(Database);
    }

    /// <summary>To the router: has the host a node now? Answered by <see cref="HostSeen"/>.</summary>
    public sealed record See(string Host) : INoSerializationVerificationNeeded;

    public sealed record HostSeen(string Host, bool Up) : INoSerializationVerificationNeeded;

    /// <summary>The node is up and its region started: look for databases from now on.</summary>
    public sealed record StartDiscovery(IActorRef Region) : INoSerializationVerificationNeeded;

    internal sealed record PassEnded(DiscoveryReport Report, TimeSpan Took) : INoSerializationVerificationNeeded;

    internal sealed record PassFailed(Exception Cause) : INoSerializationVerificationNeeded;
}

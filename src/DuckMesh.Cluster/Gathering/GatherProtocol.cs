using System.Collections.Immutable;
using Akka.Actor;
using DuckMesh.Cluster.Serialization;

namespace DuckMesh.Cluster.Gathering;

/// <summary>Questions that each node answers of itself, and that any node may ask all the others.</summary>
public static class GatherProtocol
{
    /// <summary>To the node's own gatherer: ask every other node. Answered by <see cref="Gathered"/> within the time given.</summary>
    public sealed record Gather(string About, string Query, TimeSpan Within) : INoSerializationVerificationNeeded;

    /// <param name="Missing">Nodes that did not answer.</param>
    public sealed record Gathered(ImmutableArray<NodeAnswer> Answers, ImmutableArray<NodeName> Missing) : INoSerializationVerificationNeeded;

    /// <summary>To a node's responder. Answered by <see cref="Part"/>s, or by <see cref="Unanswered"/>.</summary>
    /// <param name="Number">Comes back with the answer, and tells the asker whose it is.</param>
    /// <param name="About">A name that both nodes know.</param>
    /// <param name="Query">JSON.</param>
    public sealed record Question(int Number, string About, string Query) : IWireMessage;

    /// <summary>A part of the answer, in order; small, because a long message holds up heartbeats.</summary>
    public sealed record Part(int Number, string Text, bool Last) : IWireMessage;

    public sealed record Unanswered(int Number, string Reason) : IWireMessage;
}

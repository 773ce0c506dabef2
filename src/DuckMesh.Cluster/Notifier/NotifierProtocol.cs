using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using DuckMesh.Cluster.Ledger;

namespace DuckMesh.Cluster.Notifier;

/// <summary>What the notifier is told; it is on the cell's node.</summary>
public static class NotifierProtocol
{
    /// <summary>Announce these, in order; answered by <c>CellProtocol.Announced</c> unless they are unrecorded.</summary>
    /// <param name="Unrecorded">The journal is down: they are not stored yet, and will be under these ids.</param>
    public sealed record Announce(string Cell, ImmutableArray<StoredTransition> Items, bool Unrecorded) : INoSerializationVerificationNeeded;

    internal sealed record Watch : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Watch Instance = new();
    }
}

using System.Collections.Immutable;
using Akka.Actor;

namespace DuckMesh.Cluster.Ledger;

/// <summary>Between a cell and its ledger, which are always on one node.</summary>
public static class LedgerProtocol
{
    /// <summary>Store these, in order. Answered by <see cref="Stored"/>; if they can't be stored the ledger stops.</summary>
    public sealed record Store(ImmutableArray<CellEvent> Events) : INoSerializationVerificationNeeded;

    public sealed record Stored(CellState State) : INoSerializationVerificationNeeded;

    /// <summary>The ledger has read its story and can store.</summary>
    public sealed record Recovered(CellState State) : INoSerializationVerificationNeeded;

    /// <summary>The ledger is about to stop: the journal failed.</summary>
    public sealed record Failed(string Reason) : INoSerializationVerificationNeeded;
}

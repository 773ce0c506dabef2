using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Cells;

/// <summary>What a cell is told and asked.</summary>
public static class CellProtocol
{
    /// <summary>From an edge: these databases are there. Repeated until each is answered by <see cref="Edge.EdgeProtocol.Known"/>.</summary>
    public sealed record Found(string Cell, ImmutableArray<FoundDatabase> Databases) : ICellMessage;

    /// <summary>The hand-off: store what waits, then stop.</summary>
    public sealed record Leave : IWireMessage
    {
        public static readonly Leave Instance = new();
    }

    /// <summary>From a supervisor that has started or restarted; answered by its <c>Resume</c>.</summary>
    public sealed record Started(DatabaseId Database) : INoSerializationVerificationNeeded;

    /// <summary>From a supervisor: store this transition, then announce it.</summary>
    public sealed record Propose(Transition Transition) : INoSerializationVerificationNeeded;

    /// <summary>From a supervisor: how long the database has had an owner, all in all.</summary>
    public sealed record NoteOwned(DatabaseId Database, double Seconds) : INoSerializationVerificationNeeded;

    /// <summary>From a supervisor: the database is gone since then; null: it is back.</summary>
    public sealed record NoteGone(DatabaseId Database, DateTimeOffset? Since) : INoSerializationVerificationNeeded;

    /// <summary>From a supervisor: it has been gone for so long that it should be forgotten.</summary>
    public sealed record Forget(DatabaseId Database) : INoSerializationVerificationNeeded;

    /// <summary>From a supervisor: its host's edge does not know the database; tell it.</summary>
    public sealed record Introduce(DatabaseId Database) : INoSerializationVerificationNeeded;

    /// <summary>From the notifier: everything of this cell through this number is announced.</summary>
    public sealed record Announced(long Through) : IWireMessage;

    internal sealed record Slice : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Slice Instance = new();
    }

    internal sealed record StartLedger : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly StartLedger Instance = new();
    }
}

using System.Collections.Immutable;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Ledger;

/// <summary>What a cell's story is made of. Stored for good: a changed shape is a new record with a new manifest.</summary>
public abstract record CellEvent : IWireMessage
{
    /// <summary>The cell has started on some node. <paramref name="Incarnation"/> counts its lives: the fencing number of all that it asks of an edge.</summary>
    public sealed record Opened(long Incarnation, DateTimeOffset At) : CellEvent;

    /// <summary>New databases, or known ones whose name or configuration changed.</summary>
    public sealed record Discovered(ImmutableArray<FoundDatabase> Databases, DateTimeOffset At) : CellEvent;

    public sealed record Forgotten(ImmutableArray<DatabaseId> Databases, DateTimeOffset At) : CellEvent;

    /// <summary>Files that vanished, or (since null) came back.</summary>
    public sealed record Gone(ImmutableArray<Presence> Databases) : CellEvent;

    public sealed record Owned(ImmutableArray<OwnedTime> Databases) : CellEvent;

    /// <param name="AnnouncedThrough">All up to this number is known to be announced.</param>
    public sealed record Transitions(ImmutableArray<StoredTransition> Items, long AnnouncedThrough) : CellEvent;

    public sealed record Announced(long Through) : CellEvent;

    public sealed record Presence(DatabaseId Database, DateTimeOffset? GoneSince);

    public sealed record OwnedTime(DatabaseId Database, double Seconds);
}

using System.Collections.Immutable;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Ledger;

/// <summary>A cell's story, folded. Pure; also the snapshot.</summary>
/// <param name="LastNo">The number of the last stored transition.</param>
/// <param name="Unannounced">Stored transitions of which it is not known that they were announced, in order.</param>
public sealed record CellState(
    long Incarnation,
    long LastNo,
    ImmutableDictionary<DatabaseId, StoredDatabase> Databases,
    ImmutableArray<StoredTransition> Unannounced) : IWireMessage
{
    public static readonly CellState Empty = new(0, 0, ImmutableDictionary<DatabaseId, StoredDatabase>.Empty, []);

    public CellState Apply(CellEvent @event) => @event switch
    {
        CellEvent.Opened e => this with { Incarnation = e.Incarnation },
        CellEvent.Discovered e => this with { Databases = Databases.SetItems(e.Databases.Select(d => KeyValuePair.Create(d.Id, Discovered(d, e.At)))) },
        CellEvent.Forgotten e => this with { Databases = Databases.RemoveRange(e.Databases) },
        CellEvent.Gone e => Change(e.Databases, p => p.Database, (d, p) => d with { GoneSince = p.GoneSince }),
        CellEvent.Owned e => Change(e.Databases, o => o.Database, (d, o) => d with { OwnedSeconds = Math.Max(d.OwnedSeconds, o.Seconds) }),
        CellEvent.Transitions e => Stored(e),
        CellEvent.Announced e => this with { Unannounced = Unannounced.RemoveAll(t => t.No <= e.Through) },
        _ => throw new InvalidOperationException($"A cell's story has no {@event.GetType().Name}: was it written by a newer version?"),
    };

    private StoredDatabase Discovered(FoundDatabase found, DateTimeOffset at) =>
        Databases.TryGetValue(found.Id, out var known)
            ? known with { Name = found.Name, Configured = found.Configured }
            : new StoredDatabase(found.Id, found.Name, found.Configured, at, 0, null, [], []);

    private CellState Stored(CellEvent.Transitions e)
    {
        var news = e.Items.Where(t => t.No > LastNo).ToImmutableArray();
        var state = this with
        {
            LastNo = news.IsEmpty ? LastNo : news[^1].No,
            Unannounced = [.. Unannounced.Where(t => t.No > e.AnnouncedThrough), .. news],
        };
        return state.Change(news, t => t.Transition.Database, (d, t) => d.With(t.Transition));
    }

    /// <summary>What is said of a database that was forgotten meanwhile falls away.</summary>
    private CellState Change<T>(ImmutableArray<T> items, Func<T, DatabaseId> id, Func<StoredDatabase, T, StoredDatabase> change)
    {
        var databases = Databases.ToBuilder();
        foreach (var item in items)
        {
            if (databases.TryGetValue(id(item), out var database)) databases[id(item)] = change(database, item);
        }

        return this with { Databases = databases.ToImmutable() };
    }
}

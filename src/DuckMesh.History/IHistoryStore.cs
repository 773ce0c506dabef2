using System.Collections.Immutable;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History;

/// <summary>
/// Where history is kept. Safe for one writer and several readers at once. Every method fails with a <see cref="HistoryException"/> that says whether to try again,
/// or with <see cref="OperationCanceledException"/>.
/// </summary>
public interface IHistoryStore : IAsyncDisposable
{
    /// <summary>Brings the tables up to this version. Several nodes may do it at once, and it may be done again.</summary>
    /// <exception cref="HistoryException">Among others <see cref="HistoryFault.Newer"/>: a newer DuckMesh has written this store.</exception>
    Task MigrateAsync(CancellationToken cancellation);

    /// <summary>Stores a block; one that is stored already is left as it is. When this returns, a crash of this process or the store's loses nothing of it.</summary>
    Task StoreAsync(HistoryBlock block, CancellationToken cancellation);

    /// <summary>The series of a range, down-sampled in the store.</summary>
    Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation);

    /// <summary>Events of a subject, oldest first, each once.</summary>
    Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation);

    /// <summary>Deletes what is older than its retention, where the store does not do so by itself.</summary>
    Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation);
}

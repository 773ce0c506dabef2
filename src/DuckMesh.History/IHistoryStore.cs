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

    /// <summary>
    /// Stores a block; one that is stored already is left as it is, and so is an event whose id is stored. When this returns, a crash of this process or the store's loses nothing of it.
    /// </summary>
    /// <exception cref="HistoryException">Among others <see cref="HistoryFault.Poison"/>, when <see cref="HistoryBlock.Check"/> refuses it; then nothing of it is stored.</exception>
    Task StoreAsync(HistoryBlock block, CancellationToken cancellation);

    /// <summary>The series of a range that have a point in it, down-sampled in the store, in the order of host, database and labels; of the top ones the highest first.</summary>
    /// <exception cref="HistoryException">Among others <see cref="HistoryFault.TooMany"/>: there are more than <see cref="HistoryRange.MaxPoints"/>.</exception>
    Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation);

    /// <summary>Events of a subject, oldest first, each once.</summary>
    Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation);

    /// <summary>Deletes what is older than its retention and keeps the rollup up, where the store does not do so by itself. Call it once an hour; a missed call loses nothing.</summary>
    Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation);
}

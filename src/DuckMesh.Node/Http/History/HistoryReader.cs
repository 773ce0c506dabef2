using System.Collections.Immutable;
using DuckMesh.History;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;
using DuckMesh.Node.Http.Gathering;

namespace DuckMesh.Node.Http.History;

/// <summary>Asks the history store, a few questions at a time and each with a deadline: a dashboard must not take the store from the writer.</summary>
/// <param name="store">Null: history is off.</param>
/// <param name="shared">All nodes write into this one store, so this node alone can answer for all.</param>
internal sealed class HistoryReader(IHistoryStore? store, bool shared, Retention retention, TimeProvider time) : IDisposable
{
    /// <summary>Points of one answer: some 4 MB of JSON.</summary>
    public const int MostPoints = 200_000;

    /// <summary>A screen of panels asks at once; more of them wait for their turn.</summary>
    private const int AtOnce = 4;

    /// <summary>The store answers an hour in milliseconds and a year by the hour in a second or so. What takes longer should be narrowed, and whoever waits should hear it.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <summary>Samples from here on are kept; what is older is there by the hour only.</summary>
    public DateTimeOffset KeptSince(DuckMesh.Model.Metrics.RetentionClass kept) => time.GetUtcNow().AddDays(-retention.Days(kept));

    public Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation) =>
        AskAsync((s, c) => s.ReadAsync(range, c), cancellation);

    public Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation) =>
        AskAsync((s, c) => s.ReadEventsAsync(range, c), cancellation);

    /// <summary>The answers of all nodes: of this one alone where the store is shared.</summary>
    public async Task<Gathered<T>> AskAllAsync<TRange, T>(
        NodeQuestion<TRange, T> nodes, TRange range, Func<TRange, CancellationToken, Task<T>> own, CancellationToken cancellation) =>
        shared ? new Gathered<T>([await own(range, cancellation)], []) : await nodes.AskAsync(range, cancellation);

    public void Dispose() => _places.Dispose();

    private async Task<T> AskAsync<T>(Func<IHistoryStore, CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        if (store is null) throw new HistoryUnavailableException("This version keeps no history yet. What is measured now is at /metrics and /api/v1/databases; let Prometheus scrape the node to keep it.");
        using var deadline = new CancellationTokenSource(Within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            await _places.WaitAsync(either.Token);
            try
            {
                return await ask(store, either.Token);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new HistoryUnavailableException($"The history store did not answer within {Within.TotalSeconds} s. Ask for a shorter time, a wider step or fewer databases.");
        }
        catch (HistoryException e) when (e.Fault == HistoryFault.TooMany)
        {
            throw new BadQueryException($"{e.Message}.");
        }
        catch (HistoryException e)
        {
            throw new HistoryUnavailableException($"The history store can't be asked: {e.Message}. What is written meanwhile waits and is not lost.");
        }
    }
}

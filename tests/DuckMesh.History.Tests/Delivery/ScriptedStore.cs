using System.Collections.Immutable;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Tests.Delivery;

/// <summary>A store that fails as told, one failure a call, then stores.</summary>
internal sealed class ScriptedStore : IHistoryStore
{
    public Queue<Exception> Migrating { get; } = [];

    public Queue<Exception> Storing { get; } = [];

    /// <summary>What was done in the end, in order: <c>migrate</c>, or a block's id.</summary>
    public List<string> Done { get; } = [];

    public Task MigrateAsync(CancellationToken cancellation) => Do(Migrating, "migrate", cancellation);

    public Task StoreAsync(HistoryBlock block, CancellationToken cancellation) => Do(Storing, block.Id, cancellation);

    public Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Do(Queue<Exception> failures, string what, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (failures.TryDequeue(out var failure))
            return Task.FromException(failure);
        Done.Add(what);
        return Task.CompletedTask;
    }
}

using System.Collections.Immutable;
using DuckMesh.History;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.Node.Tests.Http.History;

/// <summary>Answers what the test says and remembers what it was asked. Real stores are read in the acceptance tests.</summary>
internal sealed class ScriptedStore : IHistoryStore
{
    public List<HistoryRange> Ranges { get; } = [];

    public List<EventRange> EventRanges { get; } = [];

    public Func<HistoryRange, CancellationToken, Task<ImmutableArray<HistorySeries>>> Series { get; set; } = (_, _) => Task.FromResult<ImmutableArray<HistorySeries>>([]);

    public ImmutableArray<HistoryEvent> Events { get; set; } = [];

    public Task MigrateAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task StoreAsync(HistoryBlock block, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation)
    {
        lock (Ranges) Ranges.Add(range);
        return Series(range, cancellation);
    }

    public Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation)
    {
        lock (EventRanges) EventRanges.Add(range);
        return Task.FromResult(Events);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

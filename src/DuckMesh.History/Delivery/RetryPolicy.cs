using DuckMesh.History.Blocks;
using Polly;
using Polly.Retry;

namespace DuckMesh.History.Delivery;

/// <summary>
/// Brings blocks into a store, however long that takes: what waits is bounded by the spool in front of it, not by a number of tries. The tables are made before the
/// first block. One block at a time.
/// </summary>
public sealed class RetryPolicy
{
    /// <summary>The median wait after a first failure; it doubles from there.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>A store that is back is noticed within this.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries at what an operator must mend: soon enough after the mending, seldom enough to lock no account and fill no log.</summary>
    public static readonly TimeSpan OperatorWait = TimeSpan.FromMinutes(1);

    private readonly IHistoryStore _store;
    private readonly Action<DeliveryFailure>? _failed;
    private readonly ResiliencePipeline _pipeline;
    private bool _migrated;
    private bool _migratedInVain;

    /// <param name="failed">Is told each failure before the wait that follows it.</param>
    public RetryPolicy(IHistoryStore store, TimeProvider time, Action<DeliveryFailure>? failed = null)
    {
        _store = store;
        _failed = failed;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = tried => ValueTask.FromResult(tried.Outcome.Exception is { } error && FaultOf(error) != HistoryFault.Poison),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = ShortestWait,
                MaxDelay = LongestWait,
                DelayGenerator = tried => ValueTask.FromResult(WaitAfter(FaultOf(tried.Outcome.Exception!))),
                OnRetry = Tell,
            })
            .Build();
    }

    /// <summary>Returns when the block is stored.</summary>
    /// <exception cref="HistoryException">Only <see cref="HistoryFault.Poison"/>: the block can never be stored. Everything else is tried again.</exception>
    /// <exception cref="OperationCanceledException">The block may be stored or not; send it again.</exception>
    public async Task DeliverAsync(HistoryBlock block, CancellationToken cancellation) =>
        await _pipeline.ExecuteAsync(static (call, token) => call.Policy.TryAsync(call.Block, token), (Policy: this, Block: block), cancellation).ConfigureAwait(false);

    private async ValueTask TryAsync(HistoryBlock block, CancellationToken cancellation)
    {
        var migrate = !_migrated;
        if (migrate)
            await _store.MigrateAsync(cancellation).ConfigureAwait(false);
        _migrated = true;
        try
        {
            await _store.StoreAsync(block, cancellation).ConfigureAwait(false);
            _migratedInVain = false;
        }
        catch (HistoryException error) when (error.Fault is HistoryFault.Schema or HistoryFault.Newer)
        {
            (_migrated, _migratedInVain) = (false, migrate);
            throw;
        }
    }

    private ValueTask Tell(OnRetryArguments<object> tried)
    {
        var error = tried.Outcome.Exception!;
        _failed?.Invoke(new DeliveryFailure(FaultOf(error), tried.AttemptNumber + 1, tried.RetryDelay, error));
        return ValueTask.CompletedTask;
    }

    private static HistoryFault FaultOf(Exception error) => (error as HistoryException)?.Fault ?? HistoryFault.Unavailable;

    /// <summary>Null: the exponential back-off. A missing table is made at once, but not over and over.</summary>
    private TimeSpan? WaitAfter(HistoryFault fault) => fault switch
    {
        HistoryFault.Schema when !_migratedInVain => TimeSpan.Zero,
        HistoryFault.Schema or HistoryFault.Refused or HistoryFault.Newer => OperatorWait,
        _ => null,
    };
}

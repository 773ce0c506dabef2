using DuckMesh.History.Blocks;
using DuckMesh.History.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.History.Tests.Delivery;

public sealed class RetryPolicyTests : IAsyncDisposable
{
    private readonly ScriptedStore _store = new();
    private readonly ImpatientClock _clock = new();
    private readonly List<DeliveryFailure> _failures = [];
    private readonly RetryPolicy _policy;

    public RetryPolicyTests() => _policy = new RetryPolicy(_store, _clock, _failures.Add);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_tables_are_made_once_before_the_first_block()
    {
        await Deliver("n-1");
        await Deliver("n-2");

        Assert.Equal(["migrate", "n-1", "n-2"], _store.Done);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task An_unavailable_store_is_tried_for_hours_with_waits_that_grow_to_half_a_minute()
    {
        Fail(_store.Storing, HistoryFault.Unavailable, 1000);

        await Deliver("n-1");

        Assert.Equal(["migrate", "n-1"], _store.Done);
        Assert.Equal(1000, _failures.Count);
        Assert.Equal(Enumerable.Range(1, 1000), _failures.Select(failure => failure.Attempt));
        Assert.All(_failures, failure => Assert.InRange(failure.Wait, TimeSpan.Zero, RetryPolicy.LongestWait));
        Assert.InRange(_failures[0].Wait, TimeSpan.Zero, 2 * RetryPolicy.ShortestWait);
        Assert.All(_failures.Skip(10), failure => Assert.InRange(failure.Wait, RetryPolicy.LongestWait / 2, RetryPolicy.LongestWait));
        Assert.Equal(_failures.Sum(failure => Math.Floor(failure.Wait.TotalMilliseconds)), _clock.Passed.TotalMilliseconds);
        Assert.True(_clock.Passed > TimeSpan.FromHours(4), $"1000 tries took {_clock.Passed}");
    }

    [Fact]
    public async Task Two_nodes_do_not_wait_in_step()
    {
        async Task<TimeSpan> WaitedBy()
        {
            await using var store = new ScriptedStore();
            var clock = new ImpatientClock();
            Fail(store.Storing, HistoryFault.Unavailable, 4);
            await new RetryPolicy(store, clock).DeliverAsync(new HistoryBlock("n-1", [], []), default);
            return clock.Passed;
        }

        var waited = new HashSet<TimeSpan>();
        for (var node = 0; node < 20; node++)
            waited.Add(await WaitedBy());

        Assert.True(waited.Count > 15, $"20 nodes waited only {waited.Count} different times");
    }

    [Fact]
    public async Task What_an_operator_must_mend_is_tried_each_minute()
    {
        Fail(_store.Storing, HistoryFault.Refused, 60);

        await Deliver("n-1");

        Assert.Equal(TimeSpan.FromHours(1), _clock.Passed);
        Assert.Equal(["migrate", "n-1"], _store.Done);
    }

    [Fact]
    public async Task A_store_that_is_down_at_the_start_is_migrated_when_it_is_there()
    {
        Fail(_store.Migrating, HistoryFault.Unavailable, 3);

        await Deliver("n-1");

        Assert.Equal(["migrate", "n-1"], _store.Done);
        Assert.Equal(3, _failures.Count);
    }

    [Fact]
    public async Task A_missing_table_is_made_again_at_once()
    {
        await Deliver("n-1");
        Fail(_store.Storing, HistoryFault.Schema, 1);

        await Deliver("n-2");

        Assert.Equal(["migrate", "n-1", "migrate", "n-2"], _store.Done);
        Assert.Equal(TimeSpan.Zero, _clock.Passed);
    }

    [Fact]
    public async Task A_missing_table_is_made_again_at_once_also_after_an_outage()
    {
        await Deliver("n-1");
        Fail(_store.Storing, HistoryFault.Unavailable, 3);
        Fail(_store.Storing, HistoryFault.Schema, 1);

        await Deliver("n-2");

        Assert.Equal(TimeSpan.Zero, _failures[^1].Wait);
        Assert.Equal(["migrate", "n-1", "migrate", "n-2"], _store.Done);
    }

    [Fact]
    public async Task A_table_that_is_missing_after_its_migration_is_made_again_only_each_minute()
    {
        Fail(_store.Storing, HistoryFault.Schema, 4);

        await Deliver("n-1");

        Assert.Equal(["migrate", "migrate", "migrate", "migrate", "migrate", "n-1"], _store.Done);
        Assert.All(_failures, failure => Assert.Equal(RetryPolicy.OperatorWait, failure.Wait));
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_looked_at_each_minute_and_not_written_meanwhile()
    {
        Fail(_store.Migrating, HistoryFault.Newer, 5);

        await Deliver("n-1");

        Assert.Equal(TimeSpan.FromMinutes(5), _clock.Passed);
        Assert.Equal(["migrate", "n-1"], _store.Done);
    }

    [Fact]
    public async Task A_block_that_can_never_be_stored_is_given_up_at_once_and_the_next_one_is_stored()
    {
        Fail(_store.Storing, HistoryFault.Poison, 1);

        var error = await Assert.ThrowsAsync<HistoryException>(() => Deliver("n-1"));
        await Deliver("n-2");

        Assert.Equal(HistoryFault.Poison, error.Fault);
        Assert.Equal(["migrate", "n-2"], _store.Done);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task An_error_that_the_store_did_not_foresee_loses_no_block()
    {
        _store.Storing.Enqueue(new InvalidOperationException("a bug"));
        _store.Storing.Enqueue(new OperationCanceledException("not ours"));

        await Deliver("n-1");

        Assert.Equal(["migrate", "n-1"], _store.Done);
        Assert.Equal([HistoryFault.Unavailable, HistoryFault.Unavailable], _failures.Select(failure => failure.Fault));
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Fail(_store.Storing, HistoryFault.Refused, 1);
        var policy = new RetryPolicy(_store, new FakeTimeProvider(), _ => stop.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => policy.DeliverAsync(new HistoryBlock("n-1", [], []), stop.Token));

        Assert.Equal(["migrate"], _store.Done);
    }

    private static void Fail(Queue<Exception> failures, HistoryFault fault, int times)
    {
        for (var i = 0; i < times; i++)
            failures.Enqueue(new HistoryException(fault, $"told to be {fault}"));
    }

    private Task Deliver(string id) => _policy.DeliverAsync(new HistoryBlock(id, [], []), default);
}

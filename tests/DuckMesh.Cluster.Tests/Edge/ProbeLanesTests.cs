using System.Collections.Concurrent;
using DuckMesh.Cluster.Edge;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Discovery;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Cluster.Tests.Edge;

public sealed class ProbeLanesTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly NodeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private readonly ManualResetEventSlim _hang = new();
    private readonly ConcurrentDictionary<DatabaseId, int> _looks = new();
    private readonly ProbeLanes _lanes;
    private int _disposed;

    public ProbeLanesTests() => _lanes = new ProbeLanes(Find, id => new ProbeSlot(() => Look(id), () => Interlocked.Increment(ref _disposed)), _metrics, _time);

    public void Dispose()
    {
        _hang.Set();
        _lanes.Dispose();
    }

    [Fact]
    public async Task A_look_is_answered_by_its_reading()
    {
        Assert.IsType<Reading>(await Ask(Database("good", '1')));
    }

    [Fact]
    public async Task A_look_that_hangs_is_answered_at_its_deadline_and_only_once()
    {
        var answers = new ConcurrentQueue<object>();
        var hung = Database("hangs", '1');
        _lanes.Ask(hung, _time.GetUtcNow().AddSeconds(4), answers.Enqueue);
        await Until(() => _looks.ContainsKey(hung), "the look has begun");
        _time.Advance(TimeSpan.FromSeconds(5));
        await Until(() => !answers.IsEmpty, "the sweep has answered");
        _hang.Set();
        await Until(() => _metrics.ProbeQueue.Value == 0, "the thread is back");
        Assert.Contains("deadline", Assert.IsType<EdgeProtocol.ProbeFailed>(Assert.Single(answers)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_whose_last_look_is_still_out_is_refused()
    {
        var hung = Database("hangs", '1');
        _lanes.Ask(hung, _time.GetUtcNow().AddSeconds(4), _ => { });
        await Until(() => _looks.ContainsKey(hung), "the look has begun");
        Assert.Contains("has not come back", Assert.IsType<EdgeProtocol.ProbeFailed>(await Ask(hung)).Reason, StringComparison.Ordinal);
        Assert.Equal(1, _looks[hung]);
    }

    [Fact]
    public async Task A_mount_that_hangs_costs_only_its_own_databases()
    {
        for (var i = 0; i < 20; i++) _lanes.Ask(Database($"hangs{i}", '1'), _time.GetUtcNow().AddSeconds(4), _ => { });
        await Until(() => _looks.Count == ProbeLane.MaxThreads, "all threads of the hung mount are held");
        for (var i = 0; i < 20; i++) Assert.IsType<Reading>(await Ask(Database($"good{i}", '2')));
        Assert.Equal(ProbeLane.MaxThreads, _looks.Keys.Count(k => k.Path.Contains("hangs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_file_that_hangs_leaves_the_others_of_its_mount_to_the_other_threads()
    {
        var hung = Database("hangs", '1');
        _lanes.Ask(hung, _time.GetUtcNow().AddSeconds(4), _ => { });
        await Until(() => _looks.ContainsKey(hung), "the look has begun");
        for (var i = 0; i < 20; i++) Assert.IsType<Reading>(await Ask(Database($"good{i}", '1')));
    }

    [Fact]
    public async Task Of_two_looks_that_come_at_once_the_second_does_not_wait_for_the_thread_that_the_first_one_holds()
    {
        for (var mount = 'A'; mount <= 'Z'; mount++)
        {
            Assert.IsType<Reading>(await Ask(Database("warm", mount)));
            _lanes.Ask(Database("hangs", mount), _time.GetUtcNow().AddSeconds(4), _ => { });
            Assert.IsType<Reading>(await Ask(Database("good", mount)));
        }
    }

    [Fact]
    public async Task A_look_that_waited_past_its_deadline_is_not_even_begun()
    {
        for (var i = 0; i < ProbeLane.MaxThreads; i++) _lanes.Ask(Database($"hangs{i}", '1'), _time.GetUtcNow().AddSeconds(4), _ => { });
        await Until(() => _looks.Count == ProbeLane.MaxThreads, "all threads of the mount are held");
        var late = Database("late", '1');
        var answer = Ask(late);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("deadline", Assert.IsType<EdgeProtocol.ProbeFailed>(await answer).Reason, StringComparison.Ordinal);
        _hang.Set();
        Reading? reading = null;
        while (reading is null) reading = await Ask(late) as Reading;
        Assert.Equal(1, _looks[late]);
    }

    [Fact]
    public async Task A_database_that_is_forgotten_while_it_is_looked_at_is_disposed_when_the_look_comes_back()
    {
        var hung = Database("hangs", '1');
        _lanes.Ask(hung, _time.GetUtcNow().AddSeconds(4), _ => { });
        await Until(() => _looks.ContainsKey(hung), "the look has begun");
        _lanes.Forget(hung);
        Assert.Equal(0, _disposed);
        _hang.Set();
        await Until(() => _disposed == 1, "the probe is disposed");
    }

    [Fact]
    public async Task A_database_that_the_edge_does_not_know_is_answered_at_once()
    {
        Assert.IsType<EdgeProtocol.ProbeFailed>(await Ask(Database("unknown", '1')));
    }

    [Fact]
    public async Task A_defect_in_a_probe_costs_that_look_only()
    {
        Assert.Contains("boom", Assert.IsType<EdgeProtocol.ProbeFailed>(await Ask(Database("throws", '1'))).Reason, StringComparison.Ordinal);
        Assert.IsType<Reading>(await Ask(Database("good", '1')));
    }

    private static DatabaseId Database(string name, char device) => new("h1", null, $"/mnt{device}/{name}");

    private static Sighting? Find(DatabaseId id) =>
        id.Path.EndsWith("unknown", StringComparison.Ordinal) ? null : new Sighting(id, "x", id.Path) { Device = id.Path[4] };

    private Reading Look(DatabaseId id)
    {
        _looks.AddOrUpdate(id, 1, (_, n) => n + 1);
        if (id.Path.Contains("throws", StringComparison.Ordinal)) throw new InvalidOperationException("boom");
        if (id.Path.Contains("hangs", StringComparison.Ordinal) && !_hang.Wait(Deadline)) throw new TimeoutException("the test did not end");
        return new Reading(id, _time.GetUtcNow(), Presence.Present);
    }

    private Task<object> Ask(DatabaseId id)
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        _lanes.Ask(id, _time.GetUtcNow().AddSeconds(4), answer.SetResult);
        return answer.Task.WaitAsync(Deadline);
    }

    private static async Task Until(Func<bool> holds, string what)
    {
        var end = DateTime.UtcNow + Deadline;
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < end, $"not in time: {what}");
            await Task.Yield();
        }
    }
}

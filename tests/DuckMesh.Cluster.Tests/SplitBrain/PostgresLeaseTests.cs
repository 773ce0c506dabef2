using Akka.Configuration;
using Akka.Coordination;
using DuckMesh.Cluster.Postgres;
using DuckMesh.Cluster.SplitBrain;
using DuckMesh.Cluster.Tests.Postgres;
using DuckMesh.Postgres;
using Microsoft.Extensions.Time.Testing;
using Prometheus;

namespace DuckMesh.Cluster.Tests.SplitBrain;

/// <summary>The lease on a real PostgreSQL; the node's own clock is the test's.</summary>
[Collection(OnPostgres.Name)]
public sealed class PostgresLeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly PostgresFixture _postgres;
    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly NodeStatus _status;
    private readonly NodeMetrics _metrics = new(Metrics.NewCustomRegistry());
    private string _connection = "";
    private PostgresDatabase _database = null!;

    public PostgresLeaseTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _status = new NodeStatus(_time);
    }

    public async Task InitializeAsync()
    {
        _database = await _postgres.PreparedAsync("c");
        _connection = _database.ConnectionString;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Of_many_that_try_at_once_one_gets_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var leases = Enumerable.Range(0, 16).Select(i => Lease($"n{i}")).ToList();

            var got = await Task.WhenAll(leases.Select(l => Task.Run(() => l.Acquire())));

            Assert.Single(got, g => g);
            Assert.Single(leases, l => l.CheckLease());
            foreach (var lease in leases) await lease.Release();
        }
    }

    [Fact]
    public async Task Who_has_it_gets_it_again_and_the_other_when_it_was_released()
    {
        var (one, other) = (Lease("one"), Lease("other"));
        Assert.True(await one.Acquire());
        Assert.True(await one.Acquire());
        Assert.Equal(1, _metrics.LeaseHeld.Value);
        Assert.False(await other.Acquire());
        Assert.Equal("the other side has the lease", _status.LeaseFailure);

        Assert.True(await one.Release());

        Assert.Equal(0, _metrics.LeaseHeld.Value);
        Assert.False(one.CheckLease());
        Assert.True(await other.Acquire());
    }

    [Fact]
    public async Task It_runs_out_by_the_database_s_clock_when_its_owner_has_died()
    {
        Assert.True(await Lease("dead").Acquire());
        await RunOutAsync();

        Assert.True(await Lease("heir").Acquire());
    }

    [Fact]
    public async Task It_is_renewed_while_it_is_held()
    {
        var lease = Lease("one");
        Assert.True(await lease.Acquire());
        await RunOutAsync();

        _time.Advance(Renewal);

        await Until(async () => (await PostgresServer.QueryAsync(_connection, "select owner from duckmesh_c.lease where expires_at > clock_timestamp()")).Count == 1);
        Assert.False(await Lease("other").Acquire());
        await lease.Release();
    }

    [Fact]
    public async Task Its_owner_believes_in_it_no_longer_than_its_term()
    {
        var lost = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lease = Lease("one");
        Assert.True(await lease.Acquire(lost.SetResult));
        await PostgresServer.ExecuteAsync(_connection, "update duckmesh_c.lease set owner = 'other', expires_at = clock_timestamp() + interval '1 hour'");
        _time.Advance(Term - TimeSpan.FromMilliseconds(1));
        Assert.True(lease.CheckLease());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(lease.CheckLease());
        _time.Advance(Renewal);

        Assert.IsType<LeaseException>(await lost.Task.WaitAsync(Deadline));
        Assert.Equal(0, _metrics.LeaseHeld.Value);
    }

    [Fact]
    public async Task Without_the_database_nobody_gets_it_and_the_reason_is_kept()
    {
        await using var nowhere = new PostgresDatabase("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=s3cret", "c");

        Assert.False(await Lease("one", nowhere).Acquire());

        Assert.Contains("127.0.0.1:1 does not answer", _status.LeaseFailure, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", _status.LeaseFailure, StringComparison.Ordinal);
    }

    private PostgresLease Lease(string owner, PostgresDatabase? database = null) => new(
        new LeaseSettings("c-akka-sbr", owner, new TimeoutSettings(Renewal, Term, Deadline), ConfigurationFactory.Empty),
        new PostgresLeaseSetup(database ?? _database, _status, _metrics, _time));

    /// <summary>As if its term were over for the database.</summary>
    private Task RunOutAsync() => PostgresServer.ExecuteAsync(_connection, "update duckmesh_c.lease set expires_at = clock_timestamp() - interval '1 second'");

    private static async Task Until(Func<Task<bool>> holds)
    {
        var end = DateTime.UtcNow + Deadline;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, $"not in {Deadline}");
            await Task.Delay(20);
        }
    }
}

using Akka.Actor;
using Akka.Coordination;
using DuckMesh.Cluster.Postgres;
using Npgsql;

namespace DuckMesh.Cluster.SplitBrain;

/// <summary>
/// The lease that decides which side of a split cluster goes on: one row, which its owner renews. Whether it is still held is judged without the database, by this
/// node's own monotonic clock from the moment <em>before</em> the statement was sent; so the owner never believes in it longer than the others.
/// <para>It must run out before the others can need it: they try a dead owner's after failure detection and <c>stable-after</c>, and would end themselves if it were
/// still taken (cluster.conf).</para>
/// </summary>
public sealed class PostgresLease : Lease
{
    private readonly PostgresDatabase _database;
    private readonly NodeStatus _status;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private ITimer? _renewal;
    private Action<Exception>? _lost;
    private long? _grantedAt;

    /// <summary>As Akka calls it.</summary>
    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system)
        : this(settings, system.Settings.Setup.Get<PostgresLeaseSetup>() is { HasValue: true } setup ? setup.Value : throw new ArgumentException($"the actor system has no {nameof(PostgresLeaseSetup)}"))
    {
    }

    public PostgresLease(LeaseSettings settings, PostgresLeaseSetup setup)
        : base(settings)
    {
        _database = setup.Database;
        _status = setup.Status;
        _metrics = setup.Metrics;
        _time = setup.Time;
        _metrics.LeaseHeld.Set(0);
    }

    private TimeSpan Term => Settings.TimeoutSettings.HeartbeatTimeout;

    public override bool CheckLease()
    {
        lock (_lock) return _grantedAt is { } at && _time.GetElapsedTime(at) < Term;
    }

    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <summary>False also when the database does not answer: without it nobody may go on alone.</summary>
    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        var (granted, at, failure) = await TryTakeAsync();
        _status.LeaseFailure = granted ? null : failure is null ? "the other side has the lease" : _database.Explain(failure);
        if (!granted) return false;
        lock (_lock)
        {
            _grantedAt = at;
            _lost = leaseLostCallback;
            _renewal ??= _time.CreateTimer(_ => _ = RenewAsync(), null, Settings.TimeoutSettings.HeartbeatInterval, Settings.TimeoutSettings.HeartbeatInterval);
        }

        _metrics.LeaseHeld.Set(1);
        return true;
    }

    public override async Task<bool> Release()
    {
        Forget();
        try
        {
            using var deadline = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout, _time);
            await using var command = Command($"delete from {_database.Schema}.lease where name = $1 and owner = $2", Settings.LeaseName, Settings.OwnerName);
            await command.ExecuteNonQueryAsync(deadline.Token);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;   // it runs out by itself
        }
    }

    private async Task RenewAsync()
    {
        var (granted, at, _) = await TryTakeAsync();
        Action<Exception>? lost = null;
        lock (_lock)
        {
            if (_renewal is null) return;   // released meanwhile
            if (granted) _grantedAt = at;
            else if (!CheckLease()) lost = _lost;
        }

        if (lost is null) return;
        Forget();
        lost(new LeaseException($"the lease {Settings.LeaseName} could not be renewed within {Term.TotalSeconds:0} s"));
    }

    private async Task<(bool Granted, long At, Exception? Failure)> TryTakeAsync()
    {
        var before = _time.GetTimestamp();
        try
        {
            using var deadline = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout, _time);
            await using var command = Command(
                $"""
                insert into {_database.Schema}.lease as lease (name, owner, expires_at) values ($1, $2, clock_timestamp() + $3)
                on conflict (name) do update set owner = excluded.owner, expires_at = excluded.expires_at
                where lease.owner = excluded.owner or lease.expires_at < clock_timestamp()
                """,
                Settings.LeaseName, Settings.OwnerName, Term);
            return (await command.ExecuteNonQueryAsync(deadline.Token) > 0, before, null);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return (false, before, e);
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _renewal?.Dispose();
            _renewal = null;
            _lost = null;
            _grantedAt = null;
        }

        _metrics.LeaseHeld.Set(0);
    }

    private NpgsqlCommand Command(string text, params object[] values)
    {
        var command = _database.Source.CreateCommand(text);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}

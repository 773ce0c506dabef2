using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using DuckMesh.Cluster.Postgres;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Membership;

/// <summary>
/// Brings the node into its cluster through the shared database, and keeps its row there while it is a member. Without the database it waits, and says so; it never
/// makes a cluster of its own.
/// </summary>
public sealed class FormationActor : UntypedActor, IWithTimers
{
    /// <summary>The journal is in the same database: what keeps the node from its row keeps it from its journal.</summary>
    private const string Source = "members";

    /// <summary>Between two looks, and after a failed one.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>Five of them until a row is no longer fresh.</summary>
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(6);

    /// <summary>One look or beat; below the pause between beats.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>A member answers in well under a second; one that does not is asked no longer than this, then the table is looked at anew.</summary>
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(10);

    private readonly PostgresDatabase _database;
    private readonly MemberTable _table;
    private readonly Formation _formation;
    private readonly NodeStatus _status;
    private readonly NodeMetrics _metrics;
    private readonly Action _prepared;
    private readonly ClusterExtension _cluster = ClusterExtension.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<GivenUp> _givenUp = [];
    private bool _tablesMade;
    private bool _member;
    private bool _out;
    private long _founding;
    private string? _said;

    /// <param name="prepared">Called once, when the journal's tables are there.</param>
    public FormationActor(PostgresDatabase database, MemberTable table, Formation formation, NodeStatus status, NodeMetrics metrics, Action prepared)
    {
        _database = database;
        _table = table;
        _formation = formation;
        _status = status;
        _metrics = metrics;
        _prepared = prepared;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Self.Tell(Look.Instance);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when !_member && !_out:
                _out = true;
                WithDeadline(LookAsync).PipeTo(Self);
                break;
            case Looked looked:
                _out = false;
                OnLooked(looked);
                break;
            case Beat when !_out:
                _out = true;
                GivenUp[] givenUp = [.. _givenUp];
                WithDeadline(async cancellation => new Beaten(await _table.BeatAsync(_founding, givenUp, cancellation), givenUp, Error: null), error => new Beaten(null, [], error)).PipeTo(Self);
                break;
            case Beaten beaten:
                _out = false;
                OnBeaten(beaten);
                break;
            case ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down } removed when !IsSelf(removed.Member):
                _givenUp.Add(new GivenUp(removed.Member.Address.ToString(), removed.Member.UniqueAddress.Uid));
                break;
            case ClusterEvent.IMemberEvent e when IsSelf(e.Member) && e is ClusterEvent.MemberJoined or ClusterEvent.MemberWeaklyUp or ClusterEvent.MemberUp:
                OnMember();
                break;
            case Look or Beat or ClusterEvent.IMemberEvent:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnLooked(Looked looked)
    {
        if (looked.Error is { } error)
        {
            _formation.LookFailed();
            _status.Journal.Failed(Source, error);
            Say(error);
            Again(LookAgain);
            return;
        }

        _status.Journal.Works(Source);
        if (!_tablesMade)
        {
            _tablesMade = true;
            _prepared();
        }

        switch (looked.Step)
        {
            case FormationStep.Found found:
                _founding = found.Founding;
                _log.Info("founds the cluster ({Founding})", found.Founding);
                _cluster.Join(_cluster.SelfAddress);
                Again(JoinWithin);
                break;
            case FormationStep.Join join:
                _founding = join.Founding;
                Say($"Asking {string.Join(", ", join.Addresses)} to be let in.", quiet: true);
                _cluster.JoinSeedNodes(join.Addresses.Select(Address.Parse));
                Again(JoinWithin);
                break;
            case FormationStep.Wait wait:
                Say(wait.Why, quiet: true);
                Again(LookAgain);
                break;
            case FormationStep.Refuse refuse:
                End(NodeEnd.Refused(refuse.Why));
                break;
        }
    }

    private void OnMember()
    {
        if (_member) return;
        _member = true;
        Say(null);
        Timers.Cancel(Look.Instance);
        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, TimeSpan.Zero, BeatEvery);
    }

    private void OnBeaten(Beaten beaten)
    {
        if (beaten.Error is { } error)
        {
            _metrics.MemberBeatFailures.Inc();
            _status.Journal.Failed(Source, error);
            Say(error);
            return;
        }

        _status.Journal.Works(Source);
        Say(null);
        _givenUp.ExceptWith(beaten.GivenUp);
        if (beaten.WhyNot is { } why) End(NodeEnd.Downed($"{why}; it ends, to be started again by its process supervisor"));
    }

    /// <summary>Leaves without asking the others, who may not be there: the actor system shuts down, and the host with it.</summary>
    private void End(NodeEnd end)
    {
        _status.End ??= end;
        Timers.CancelAll();
        if (_member) _cluster.Down(_cluster.SelfAddress);
        else CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    private async Task<Looked> LookAsync(CancellationToken cancellation)
    {
        if (!_tablesMade) await PostgresTables.PrepareAsync(_database, cancellation);
        return new Looked(await _table.DecideAsync(_formation.Decide, cancellation), Error: null);
    }

    private Task<Looked> WithDeadline(Func<CancellationToken, Task<Looked>> work) => WithDeadline(work, error => new Looked(null, error));

    /// <summary>On the thread pool, because a driver may block where it looks asynchronous. The actor asks for one thing at a time, so what the work touches is its own.</summary>
    private Task<T> WithDeadline<T>(Func<CancellationToken, Task<T>> work, Func<string, T> failed) => Task.Run(async () =>
    {
        using var deadline = new CancellationTokenSource(AnswerWithin);
        try
        {
            return await work(deadline.Token);
        }
        catch (Exception e)
        {
            return failed(e is NewerTablesException ? e.Message : _database.Explain(e));
        }
    });

    private void Again(TimeSpan delay) => Timers.StartSingleTimer(Look.Instance, Look.Instance, delay);

    /// <summary>Once, not every two seconds; the health page has it all the time.</summary>
    private void Say(string? text, bool quiet = false)
    {
        _status.Formation = text;
        if (text is not null && text != _said && !quiet) _log.Warning("{Reason} Trying again until it does.", text);
        if (text is null && _said is not null) _log.Info("the database of the cluster answers");
        _said = text;
    }

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    private sealed record Look : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Look Instance = new();
    }

    private sealed record Beat : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Beat Instance = new();
    }

    private sealed record Looked(FormationStep? Step, string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record Beaten(string? WhyNot, IReadOnlyCollection<GivenUp> GivenUp, string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}

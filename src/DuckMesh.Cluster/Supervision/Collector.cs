using Akka.Actor;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Supervision;

/// <summary>
/// Asks the edge for a reading each time its cell says so, and turns it into a batch. One look is out at a time; the edge answers each, by its deadline at the
/// latest. Everything that is worth deciding is in <see cref="BatchBuilder"/>.
/// </summary>
public sealed class Collector : UntypedActor
{
    /// <summary>The edge answers within the time given, by its clock and its sweep; one that has not by half as much again is not there any more.</summary>
    private const double LateFactor = 1.5;

    /// <summary>A database that is gone and not expected is looked at only so often: discovery says when it is back.</summary>
    private const int LooksSkippedWhenLost = 12;

    private readonly DatabaseId _id;
    private readonly CellContext _context;
    private readonly BatchBuilder _builder;
    private readonly TimeSpan _within;
    private readonly long _fence;
    private DateTimeOffset? _answerBy;
    private int _skipped;
    private DateTimeOffset? _goneNoted;
    private double _ownedNoted;
    private bool _expectedNoted;
    private bool _forgetting;

    public Collector(StoredDatabase database, long fence, CellContext context)
    {
        _id = database.Id;
        _context = context;
        _builder = new BatchBuilder(database, context.Settings);
        _within = ProbeDeadline.For(context.Settings.Interval);
        _fence = fence;
        _goneNoted = database.GoneSince;
        _ownedNoted = database.OwnedSeconds;
        _expectedNoted = _builder.Expected;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SupervisorProtocol.Look: OnLook(); break;
            case Reading reading: OnReading(reading); break;
            case EdgeProtocol.ProbeFailed failed: OnFailed(failed); break;
            case EdgeProtocol.HostLost lost: OnHostLost(lost); break;
            case EdgeProtocol.Refused: Context.Parent.Tell(message); break;
            default: Unhandled(message); break;
        }
    }

    private void OnLook()
    {
        var now = _context.Time.GetUtcNow();
        if (_answerBy is { } by && now < by) return;
        if (_answerBy is not null) OnFailed(new EdgeProtocol.ProbeFailed(_id, now, "the host's node did not answer"));
        if (_builder.State == DatabaseState.Lost && !_builder.HostIsLost && ++_skipped % LooksSkippedWhenLost != 0) return;
        _answerBy = now + (_within * LateFactor);
        _context.Edge.Tell(new EdgeProtocol.Probe(_id, _within, _fence));
    }

    private void OnReading(Reading reading)
    {
        _answerBy = null;
        Context.Parent.Tell(new SupervisorProtocol.Collected(_builder.Build(reading)));
        Note(reading.At);
    }

    private void OnHostLost(EdgeProtocol.HostLost lost)
    {
        _answerBy = null;
        Context.Parent.Tell(new SupervisorProtocol.HostLost(_builder.HostLost(lost.At)));
    }

    private void OnFailed(EdgeProtocol.ProbeFailed failed)
    {
        _answerBy = null;
        if (failed.Stranger)
        {
            Context.Parent.Tell(new CellProtocol.Introduce(_id));
            return; // nothing was looked at; the next tick asks again
        }

        if (_builder.HostJustBack(failed.At)) return;
        Context.Parent.Tell(new SupervisorProtocol.Collected(_builder.NotObserved(failed.At, failed.Reason)));
        Note(failed.At);
    }

    private void Note(DateTimeOffset now)
    {
        if (_builder.GoneSince != _goneNoted) Context.Parent.Tell(new CellProtocol.NoteGone(_id, _goneNoted = _builder.GoneSince));
        if (!_expectedNoted && (_builder.Expected || _builder.OwnedSeconds - _ownedNoted >= OwnedStep))
        {
            _expectedNoted = _builder.Expected;
            Context.Parent.Tell(new CellProtocol.NoteOwned(_id, _ownedNoted = _builder.OwnedSeconds));
        }

        if (_forgetting || !_builder.MayBeForgotten(now)) return;
        _forgetting = true;
        Context.Parent.Tell(new CellProtocol.Forget(_id));
    }

    /// <summary>Owned time is noted in steps: what a killed node forgets of it is at most a twelfth of <c>expect-after</c>.</summary>
    private double OwnedStep => _context.Settings.ExpectAfter.TotalSeconds / 12;
}

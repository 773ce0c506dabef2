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
    /// <summary>A database that is gone and not expected is looked at only so often: discovery says when it is back.</summary>
    private const int LooksSkippedWhenLost = 12;

    private readonly DatabaseId _id;
    private readonly CellContext _context;
    private readonly BatchBuilder _builder;
    private readonly TimeSpan _deadline;
    private bool _out;
    private int _skipped;
    private DateTimeOffset? _goneNoted;
    private double _ownedNoted;
    private bool _expectedNoted;
    private bool _forgetting;

    public Collector(StoredDatabase database, CellContext context)
    {
        _id = database.Id;
        _context = context;
        _builder = new BatchBuilder(database, context.Settings);
        _deadline = ProbeDeadline.For(context.Settings.Interval);
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
            default: Unhandled(message); break;
        }
    }

    private void OnLook()
    {
        if (_out || (_builder.State == DatabaseState.Lost && ++_skipped % LooksSkippedWhenLost != 0)) return;
        _out = true;
        _context.Edge.Tell(new EdgeProtocol.Probe(_id, _context.Time.GetUtcNow() + _deadline));
    }

    private void OnReading(Reading reading)
    {
        _out = false;
        Context.Parent.Tell(new SupervisorProtocol.Collected(_builder.Build(reading)));
        Note(reading.At);
    }

    private void OnFailed(EdgeProtocol.ProbeFailed failed)
    {
        _out = false;
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

using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace DuckMesh.Cluster.Ledger;

/// <summary>
/// The cell's stored story. It stores and recovers, nothing else; when the journal fails it stops, and its cell, which is not persistent, lives on and starts
/// another. Only so does a failing journal not stop the supervisors.
/// </summary>
public sealed class LedgerActor : UntypedPersistentActor
{
    /// <summary>Never renamed: it is the name of the story in the journal.</summary>
    private const string Kind = "cell-";

    /// <summary>Events between two snapshots: recovery reads at most as many; more often costs writes without gain (measured with 50 and 200).</summary>
    private const int EventsPerSnapshot = 200;

    private readonly NodeMetrics _metrics;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CellState _state = CellState.Empty;
    private long _snapshotAt;

    public LedgerActor(string cell, NodeMetrics metrics)
    {
        PersistenceId = Kind + cell;
        _metrics = metrics;
    }

    public override string PersistenceId { get; }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: CellState state } offer:
                _state = state;
                _snapshotAt = offer.Metadata.SequenceNr;
                break;
            case CellEvent e:
                _state = _state.Apply(e);
                break;
            case RecoveryCompleted:
                Context.Parent.Tell(new LedgerProtocol.Recovered(_state));
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case LedgerProtocol.Store store:
                OnStore(store);
                break;
            case SaveSnapshotSuccess saved:
                // What the snapshot before covered is needed by nobody; the last stretch stays, to see what led to the newest.
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                if (saved.Metadata.SequenceNr > EventsPerSnapshot) DeleteMessages(saved.Metadata.SequenceNr - EventsPerSnapshot);
                break;
            case SaveSnapshotFailure failed:
                _log.Warning("{PersistenceId}: no snapshot at {SequenceNr}, recovery will take longer: {Reason}", PersistenceId, failed.Metadata.SequenceNr, failed.Cause.Message);
                break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure or DeleteMessagesSuccess or DeleteMessagesFailure:
                break;   // the next snapshot tries again
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnStore(LedgerProtocol.Store store)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var left = store.Events.Length;
        PersistAll(store.Events, e =>
        {
            _state = _state.Apply(e);
            if (--left > 0) return;
            _metrics.JournalWriteSeconds.Observe(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds);
            Context.Parent.Tell(new LedgerProtocol.Stored(_state));
            if (LastSequenceNr - _snapshotAt < EventsPerSnapshot) return;
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(_state);
        });
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Report(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Report(cause);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Report(reason);

    private void Report(Exception cause)
    {
        _metrics.JournalFailures.Inc();
        Context.Parent.Tell(new LedgerProtocol.Failed(cause.GetBaseException().Message));
    }
}

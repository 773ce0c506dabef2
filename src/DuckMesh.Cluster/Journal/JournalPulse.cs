using Akka.Actor;
using Akka.Event;

namespace DuckMesh.Cluster.Journal;

/// <summary>
/// Writes one small row every few seconds, so that a journal that fails is known before a cell needs it, and one that is back is known without a cell.
/// </summary>
public sealed class JournalPulse(IJournal journal, JournalHealth health, NodeMetrics metrics, TimeProvider time) : UntypedActor, IWithTimers
{
    private const string Source = "pulse";

    /// <summary>Half of the ten seconds after which alerts are announced unrecorded.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    private bool _out;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("beat", Beat.Instance, TimeSpan.Zero, Every);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Beat when !_out:
                _out = true;
                BeatAsync().PipeTo(Self);
                break;
            case Beat:
                health.Failed(Source, "the journal has not answered for a while: is its disk hanging?");
                break;
            case Beaten beaten:
                _out = false;
                if (beaten.Error is { } error)
                {
                    metrics.JournalFailures.Inc();
                    health.Failed(Source, error);
                }
                else
                {
                    health.Works(Source);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>On the thread pool: SQLite's driver blocks though it looks asynchronous.</summary>
    private Task<Beaten> BeatAsync() => Task.Run(async () =>
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await journal.PulseAsync(time.GetUtcNow(), deadline.Token);
            return new Beaten(null);
        }
        catch (Exception e)
        {
            return new Beaten(journal.Explain(e));
        }
    });

    private sealed record Beat : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Beat Instance = new();
    }

    private sealed record Beaten(string? Error) : INoSerializationVerificationNeeded;
}

using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Edge;

/// <summary>
/// The threads that look at the databases of one file system. A mount that hangs holds these threads and nothing else. They are started when there is work that
/// nobody takes, up to <see cref="MaxThreads"/>, and end when there has been none for a while.
/// </summary>
internal sealed class ProbeLane(string name, NodeMetrics metrics, TimeProvider time) : IDisposable
{
    /// <summary>One thread does 10,000 looks in well under a second; four outlast three files that hang.</summary>
    public const int MaxThreads = 4;

    /// <summary>Looks that may wait: ten times what a host should have. Beyond it a look is refused at once.</summary>
    public const int MaxWaiting = 100_000;

    private static readonly TimeSpan IdleEnd = TimeSpan.FromSeconds(60);

    private readonly object _lock = new();
    private readonly Queue<ProbeJob> _jobs = new();
    private int _threads;
    private int _idle;
    private bool _closed;

    /// <summary>False when the lane is full or closed.</summary>
    public bool TryAdd(ProbeJob job)
    {
        lock (_lock)
        {
            if (_closed || _jobs.Count >= MaxWaiting) return false;
            _jobs.Enqueue(job);
            metrics.ProbeQueue.Inc();

            // A thread that was woken counts as idle until it runs: with more jobs than those, one would wait behind a look that may hang.
            if (_jobs.Count <= _idle) Monitor.Pulse(_lock);
            else if (_threads < MaxThreads) StartThread();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void StartThread()
    {
        _threads++;
        metrics.ProbeThreads.Inc();
        new Thread(Work) { IsBackground = true, Name = $"probe {name}" }.Start();
    }

    private void Work()
    {
        while (Take() is { } job) Do(job);
        metrics.ProbeThreads.Dec();
    }

    private ProbeJob? Take()
    {
        lock (_lock)
        {
            while (_jobs.Count == 0)
            {
                if (_closed) return End();
                _idle++;
                var woken = Monitor.Wait(_lock, IdleEnd);
                _idle--;
                if (!woken && _jobs.Count == 0) return End();
            }

            metrics.ProbeQueue.Dec();
            return _jobs.Dequeue();
        }
    }

    private ProbeJob? End()
    {
        _threads--;
        return null;
    }

    private void Do(ProbeJob job)
    {
        try
        {
            if (job.Answered || time.GetUtcNow() >= job.Deadline) return; // the sweep answers it; a late look is not even begun
            var started = time.GetTimestamp();
            var reading = job.Slot.Read();
            metrics.ProbeSeconds.Observe(time.GetElapsedTime(started).TotalSeconds);
            if (job.TryAnswer(reading)) metrics.Probes.WithLabels(Outcome(reading.Presence)).Inc();
        }
        catch (Exception e)
        {
            // A defect of ours must cost this look only, never the thread that serves a whole file system.
            if (job.TryAnswer(new EdgeProtocol.ProbeFailed(job.Database, time.GetUtcNow(), $"the probe failed: {e.Message}"))) metrics.Probes.WithLabels("failed").Inc();
        }
        finally
        {
            job.Slot.Return();
        }
    }

    private static string Outcome(Presence presence) => presence switch
    {
        Presence.Present => "present",
        Presence.Absent => "absent",
        _ => "unreadable",
    };
}

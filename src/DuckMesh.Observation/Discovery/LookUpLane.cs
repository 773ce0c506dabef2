namespace DuckMesh.Observation.Discovery;

/// <summary>The looks at files of one device, one after the other on a thread of their own: a device that hangs holds up nothing else.</summary>
internal sealed class LookUpLane
{
    /// <summary>A thread that has nothing to do ends: most passes find nothing new.</summary>
    private static readonly TimeSpan IdleEnd = TimeSpan.FromSeconds(5);

    private readonly Queue<LookUp> _queue = new();
    private readonly Action<LookUp> _work;
    private readonly object _gate;
    private readonly TimeProvider _time;
    private bool _running;
    private bool _busy;
    private long _started;

    /// <param name="gate">Held while the lane's state changes, and pulsed when it has nothing more to do.</param>
    public LookUpLane(Action<LookUp> work, object gate, TimeProvider time)
    {
        _work = work;
        _gate = gate;
        _time = time;
    }

    /// <summary>To be asked under the gate, as all that follows.</summary>
    public bool Idle => _queue.Count == 0 && !_busy;

    public byte[]? Current { get; private set; }

    public int Waiting => _queue.Count;

    public bool IsStuck(TimeSpan deadline) => _busy && _time.GetElapsedTime(_started) >= deadline;

    public void Add(LookUp look)
    {
        _queue.Enqueue(look);
        if (_running)
        {
            Monitor.PulseAll(_gate);
            return;
        }

        _running = true;
        new Thread(Run) { IsBackground = true, Name = "discovery lane" }.Start();
    }

    /// <summary>Drops what waits; a thread that is stuck ends when its file system lets it.</summary>
    public void Clear() => _queue.Clear();

    private void Run()
    {
        while (true)
        {
            LookUp look;
            lock (_gate)
            {
                while (_queue.Count == 0)
                {
                    if (Monitor.Wait(_gate, IdleEnd) || _queue.Count > 0) continue;
                    _running = false;
                    return;
                }

                look = _queue.Dequeue();
                (_busy, _started, Current) = (true, _time.GetTimestamp(), look.Link);
            }

            try
            {
                _work(look);
            }
            finally
            {
                lock (_gate)
                {
                    (_busy, Current) = (false, null);
                    if (_queue.Count == 0) Monitor.PulseAll(_gate);
                }
            }
        }
    }
}

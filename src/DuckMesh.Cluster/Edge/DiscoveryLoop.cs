using DuckMesh.Observation.Discovery;

namespace DuckMesh.Cluster.Edge;

/// <summary>A thread that lets discovery pass once per interval, and tells the edge what came of it.</summary>
internal sealed class DiscoveryLoop : IDisposable
{
    /// <summary>A database that a program opens is known at most this long afterwards, however slow the probes are set.</summary>
    private static readonly TimeSpan MostBetween = TimeSpan.FromSeconds(5);

    private readonly Discoverer _discoverer;
    private readonly Action<object> _tell;
    private readonly TimeProvider _time;
    private readonly TimeSpan _every;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    public DiscoveryLoop(Discoverer discoverer, TimeSpan interval, Action<object> tell, TimeProvider time)
    {
        _discoverer = discoverer;
        _tell = tell;
        _time = time;
        _every = interval < MostBetween ? interval : MostBetween;
        _thread = new Thread(Work) { IsBackground = true, Name = "discovery" };
        _thread.Start();
    }

    public void Dispose() => _stop.Cancel();

    private void Work()
    {
        using (_stop)
        {
            do Pass();
            while (!_stop.Token.WaitHandle.WaitOne(_every));
        }
    }

    private void Pass()
    {
        try
        {
            var started = _time.GetTimestamp();
            var report = _discoverer.Pass(_stop.Token);
            _tell(new EdgeProtocol.PassEnded(report, _time.GetElapsedTime(started)));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the node stops
        }
        catch (Exception e)
        {
            _tell(new EdgeProtocol.PassFailed(e)); // the next pass tries again
        }
    }
}

using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Edge;

/// <summary>A database's place at the edge: its probe, and whether a look is out. A path whose last look has not come back is refused, so it holds one thread at most.</summary>
/// <param name="read">Looks once; blocks as long as the file system does.</param>
/// <param name="dispose">Called once, when no look is out any more.</param>
internal sealed class ProbeSlot(Func<Reading> read, Action dispose) : IDisposable
{
    private int _out;
    private volatile bool _disposed;

    public Reading Read() => read();

    public bool TryTake() => Interlocked.Exchange(ref _out, 1) == 0;

    public void Return()
    {
        Volatile.Write(ref _out, 0);
        if (_disposed && TryTake()) dispose();
    }

    /// <summary>A probe that is looking right now is disposed when it comes back.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (TryTake()) dispose();
    }
}

namespace ClickHouseLocal;

/// <summary>Holds the present fault and how many more statements it hits.</summary>
internal sealed class Faults
{
    public const int Forever = -1;

    private readonly Lock _gate = new();
    private Fault? _current;
    private int _left;
    private int _hits;

    public int Hits
    {
        get
        {
            lock (_gate)
                return _hits;
        }
    }

    public void Set(Fault? fault, int times)
    {
        lock (_gate)
            (_current, _left, _hits) = (fault, times, 0);
    }

    public Fault? For(ReadOnlySpan<byte> sql)
    {
        lock (_gate)
        {
            if (_current is null || _left == 0 || !_current.Fits(sql))
                return null;
            if (_left > 0)
                _left--;
            _hits++;
            return _current;
        }
    }
}

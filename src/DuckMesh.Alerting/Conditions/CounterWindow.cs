namespace DuckMesh.Alerting.Conditions;

/// <summary>
/// What a counter gained over the last while. Memory is bounded and taken once: however fast samples come, no more are kept than the length needs.
/// </summary>
/// <remarks>
/// Kept samples are at least one resolution apart, save the newest, which the next one replaces while it is nearer than that to the one before it. The oldest is the
/// newest of those that are a whole length old, so that the gain is that of the length and, at the usual pace, of at most one interval more; no gain falls between two windows.
/// </remarks>
internal sealed class CounterWindow
{
    /// <summary>Steps into which a window is divided at most: one a second for a window of a minute.</summary>
    private const int MaxSteps = 60;

    private readonly long _length;
    private readonly long _resolution;
    private readonly long _longestGap;
    private readonly (long At, double Total)[] _kept;
    private int _first;
    private int _count;
    private double _counter;

    /// <param name="length">Where samples come less often than this, the time between two of them is taken instead.</param>
    /// <param name="interval">Between two samples, usually.</param>
    public CounterWindow(TimeSpan length, TimeSpan interval)
    {
        _length = Math.Max(length.Ticks, interval.Ticks);
        // Twice as fine as samples come: one that is early by up to half an interval is kept none the less.
        var steps = 2 * (int)Math.Clamp(Math.Ceiling((double)_length / interval.Ticks), 1, MaxSteps);
        _resolution = (_length + steps - 1) / steps;
        _longestGap = _length + interval.Ticks;
        // One more than the steps for the oldest, one for the newest: the ring never overflows.
        _kept = new (long, double)[steps + 2];
    }

    /// <summary>Samples cover the whole length.</summary>
    public bool Full => _count > 0 && this[_count - 1].At - this[0].At >= _length;

    public double Gained => _count == 0 ? 0 : this[_count - 1].Total - this[0].Total;

    private ref (long At, double Total) this[int i] => ref _kept[(_first + i) % _kept.Length];

    /// <summary>
    /// Adds the counter's value. After a clock set back, or a gap longer than the window, counting starts anew: what was gained meanwhile is no gain of the window.
    /// </summary>
    public void Add(DateTimeOffset time, double counter)
    {
        var at = time.UtcTicks;
        if (_count > 0 && (at <= this[_count - 1].At || at - this[_count - 1].At > _longestGap)) _count = 0;
        var total = _count == 0 ? 0 : this[_count - 1].Total + (counter >= _counter ? counter - _counter : counter);
        _counter = counter;

        if (_count < 2 || this[_count - 1].At - this[_count - 2].At >= _resolution) _count++;
        this[_count - 1] = (at, total);
        while (_count > 1 && at - this[1].At >= _length)
        {
            _first = (_first + 1) % _kept.Length;
            _count--;
        }
    }
}

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Keeps a walk over large folders from taking a core or a disk for itself: it rests after each stretch of work, and longer between rounds the more a round took.
/// Pure: its caller does the waiting.
/// </summary>
internal sealed class WalkPace(TimeProvider time)
{
    /// <summary>Between two rounds at least: a new file is known about this long after it was made.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>So long it works without a rest; most walks are over by then.</summary>
    public static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(10);

    /// <summary>Three parts rest to one of work: a first round over a million files takes half a minute, and a quarter of a core meanwhile.</summary>
    public const int RestPerWork = 3;

    /// <summary>Nine parts to one over the rounds: a tenth of a core at most in the long run.</summary>
    public const int BetweenPerWork = 9;

    private long _since;
    private TimeSpan _worked;

    public void StartRound()
    {
        _worked = TimeSpan.Zero;
        Resume();
    }

    /// <summary>After a rest.</summary>
    public void Resume() => _since = time.GetTimestamp();

    /// <summary>How long to rest now; zero: go on working.</summary>
    public TimeSpan Rest()
    {
        var worked = time.GetElapsedTime(_since);
        if (worked < Stretch) return TimeSpan.Zero;
        _worked += worked;
        return worked * RestPerWork;
    }

    /// <summary>How long to wait for the next round.</summary>
    public TimeSpan EndRound()
    {
        var wait = (_worked + time.GetElapsedTime(_since)) * BetweenPerWork;
        return wait > Between ? wait : Between;
    }
}

using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>
/// Tells whether a file must be read again. A file system stamps changes with a clock that ticks every few milliseconds, so a change right after our read can
/// carry the stamp that we saw before it. Therefore a stamp is trusted only once the content was read well after that stamp was first seen. Only our own
/// monotonic clock counts: the clock of a file server may be wrong. (DuckDB writes through <c>pwrite</c>, never a map, so each change moves the stamp.)
/// </summary>
internal struct Settling
{
    /// <summary>Far above every file system's tick: 10 ms at 100 Hz, 2 s on FAT.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    private FileStatus _stamp;
    private long _since;
    private bool _settled;

    /// <summary>True: read the content now. False: it is what it was when it was read last.</summary>
    /// <param name="now">A timestamp of <paramref name="time"/>, taken before <paramref name="status"/>.</param>
    public bool MustRead(in FileStatus status, long now, TimeProvider time)
    {
        if (status == _stamp)
        {
            if (_settled) return false;
            _settled = time.GetElapsedTime(_since, now) >= Time;
            return true;
        }

        _stamp = status;
        _since = now;
        _settled = false;
        return true;
    }
}

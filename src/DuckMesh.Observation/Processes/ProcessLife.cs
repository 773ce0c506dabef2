namespace DuckMesh.Observation.Processes;

/// <summary>One program run in one process: the same pid with another start, or another program in it, is another life.</summary>
internal sealed class ProcessLife(int pid, ulong startTicks, DateTimeOffset startedAt)
{
    private volatile string? _libraryVersion;

    public int Pid => pid;

    public ulong StartTicks => startTicks;

    public DateTimeOffset StartedAt => startedAt;

    public ProcessSetting? Setting { get; set; }

    /// <summary>Timestamp of <see cref="Setting"/>.</summary>
    public long SettingAt { get; set; }

    /// <summary>Written by the library search, read by any thread; null until known.</summary>
    public string? LibraryVersion
    {
        get => _libraryVersion;
        set => _libraryVersion = value;
    }

    /// <summary>Timestamp of the last search for its library, 0 before the first.</summary>
    public long SearchedAt { get; set; }

    public int Searches { get; set; }
}

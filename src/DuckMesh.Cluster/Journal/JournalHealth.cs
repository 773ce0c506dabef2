namespace DuckMesh.Cluster.Journal;

/// <summary>Can the journal be written? Each ledger and the pulse say so of themselves; it is down while any of them fails. Thread-safe.</summary>
public sealed class JournalHealth(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _failing = [];
    private DateTimeOffset? _downSince;

    /// <summary>One of the reasons; null while it works.</summary>
    public string? Error
    {
        get
        {
            lock (_lock) return _failing.Values.FirstOrDefault();
        }
    }

    public DateTimeOffset? DownSince
    {
        get
        {
            lock (_lock) return _downSince;
        }
    }

    public void Failed(string source, string reason)
    {
        lock (_lock)
        {
            _failing[source] = reason;
            _downSince ??= time.GetUtcNow();
        }
    }

    public void Works(string source)
    {
        lock (_lock)
        {
            if (_failing.Remove(source) && _failing.Count == 0) _downSince = null;
        }
    }
}

using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Edge;

/// <summary>One look that was asked for. Whoever calls <see cref="TryAnswer"/> first answers it: the thread that looked, or the sweep when the deadline passed.</summary>
internal sealed class ProbeJob(DatabaseId database, DateTimeOffset deadline, Action<object> answer, ProbeSlot slot)
{
    private int _answered;

    public DatabaseId Database { get; } = database;

    public DateTimeOffset Deadline { get; } = deadline;

    public ProbeSlot Slot { get; } = slot;

    public bool Answered => Volatile.Read(ref _answered) == 1;

    public bool TryAnswer(object message)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 1) return false;
        answer(message);
        return true;
    }
}

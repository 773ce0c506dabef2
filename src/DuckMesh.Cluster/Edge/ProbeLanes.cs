using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Cluster.Edge;

/// <summary>
/// All looks of a host: a lane per file system, one sweep that answers what is past its deadline. <see cref="Ask"/> and <see cref="Forget"/> are called by the
/// edge alone; answers come from lane threads and the sweep.
/// </summary>
internal sealed class ProbeLanes : IDisposable
{
    /// <summary>A late look is answered at most this much after its deadline.</summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(250);

    private readonly Func<DatabaseId, Sighting?> _find;
    private readonly Func<DatabaseId, ProbeSlot> _slotOf;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Dictionary<ulong, ProbeLane> _lanes = [];
    private readonly Dictionary<DatabaseId, ProbeSlot> _slots = [];
    private readonly Queue<ProbeJob> _open = new();
    private readonly ITimer _sweep;

    public ProbeLanes(Func<DatabaseId, Sighting?> find, Func<DatabaseId, ProbeSlot> slotOf, NodeMetrics metrics, TimeProvider time)
    {
        _find = find;
        _slotOf = slotOf;
        _metrics = metrics;
        _time = time;
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    /// <param name="answer">Called exactly once, from any thread.</param>
    public void Ask(DatabaseId database, DateTimeOffset deadline, Action<object> answer)
    {
        var sighting = _find(database);
        if (sighting is null)
        {
            Refuse("unknown", "this node's edge does not know the database yet", stranger: true);
            return;
        }

        if (!_slots.TryGetValue(database, out var slot)) _slots[database] = slot = _slotOf(database);
        if (!slot.TryTake())
        {
            Refuse("refused", $"the last look at {sighting.AccessPath} has not come back: does its file system ({sighting.FileSystem ?? "unknown"}) hang?");
            return;
        }

        var job = new ProbeJob(database, deadline, answer, slot);
        if (!_lanes.TryGetValue(sighting.Device, out var lane)) _lanes[sighting.Device] = lane = new ProbeLane($"{sighting.Device >> 32}:{(uint)sighting.Device}", _metrics, _time);
        if (!lane.TryAdd(job))
        {
            slot.Return();
            Refuse("full", $"too many looks wait for the file system of {sighting.AccessPath}");
            return;
        }

        lock (_open) _open.Enqueue(job);

        void Refuse(string outcome, string reason, bool stranger = false)
        {
            _metrics.Probes.WithLabels(outcome).Inc();
            answer(new EdgeProtocol.ProbeFailed(database, _time.GetUtcNow(), reason) { Stranger = stranger });
        }
    }

    public void Forget(DatabaseId database)
    {
        if (_slots.Remove(database, out var slot)) slot.Dispose();
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var lane in _lanes.Values) lane.Dispose();
        foreach (var slot in _slots.Values) slot.Dispose();
    }

    /// <summary>Deadlines come in order but for a change of the interval, so the head of the queue tells when there is nothing to do.</summary>
    private void Sweep()
    {
        var now = _time.GetUtcNow();
        while (true)
        {
            ProbeJob? job;
            lock (_open)
            {
                if (!_open.TryPeek(out job) || (!job.Answered && job.Deadline > now)) return;
                _open.Dequeue();
            }

            if (!job.TryAnswer(new EdgeProtocol.ProbeFailed(job.Database, now, $"no answer by the deadline: does the file system of {job.Database.Path} hang?"))) continue;
            _metrics.ProbeDeadlinesMissed.Inc();
            _metrics.Probes.WithLabels("deadline").Inc();
        }
    }
}

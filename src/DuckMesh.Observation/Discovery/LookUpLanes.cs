using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>Looks at new files, a lane per device, so that a pass waits for no file system longer than its deadline. Used by the thread of the pass.</summary>
/// <param name="examine">Runs on the lanes; may wait as long as a file system does.</param>
internal sealed class LookUpLanes(Func<LookUp, Finding> examine, TimeSpan deadline, TimeProvider time) : IDisposable
{
    /// <summary>Looks that may wait in one lane: more than a host has databases, less than memory would feel.</summary>
    private const int MaxWaiting = 100_000;

    private readonly object _gate = new();
    private readonly Dictionary<ulong, LookUpLane> _lanes = [];
    private readonly ConcurrentQueue<LookUp> _done = new();

    /// <summary>False when the lane is full: ask again at the next pass.</summary>
    public bool TryAdd(LookUp look)
    {
        lock (_gate)
        {
            var device = look.Held.Key.Device;
            if (!_lanes.TryGetValue(device, out var lane)) _lanes[device] = lane = new LookUpLane(Work, _gate, time);
            if (lane.Waiting >= MaxWaiting) return false;
            lane.Add(look);
            Outstanding++;
            return true;
        }
    }

    /// <summary>Looks that were asked for and not taken yet.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Returns when every lane is done or stuck, at the deadline at the latest.</summary>
    public void Wait()
    {
        // The real clock: what is waited for are real threads.
        var start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (_lanes.Values.Any(lane => !lane.Idle && !lane.IsStuck(deadline)))
            {
                var left = deadline - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) return;
                Monitor.Wait(_gate, left);
            }
        }
    }

    public bool TryTake([NotNullWhen(true)] out LookUp? look)
    {
        if (!_done.TryDequeue(out look)) return false;
        Outstanding--;
        return true;
    }

    /// <summary>One line for each device that does not answer.</summary>
    public void AddWarnings(List<string> warnings)
    {
        lock (_gate)
        {
            foreach (var lane in _lanes.Values.Where(lane => lane.IsStuck(deadline)))
            {
                warnings.Add($"{FilePath.FromBytes(lane.Current)} could not be looked at: its file system has not answered for {deadline.TotalSeconds:0.#} s; look at that mount");
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var lane in _lanes.Values) lane.Clear();
        }
    }

    private void Work(LookUp look)
    {
        try
        {
            look.Finding = examine(look);
        }
        catch (Exception e)
        {
            look.Error = e.Message;   // a thread that throws would take the node down
        }

        _done.Enqueue(look);
    }
}

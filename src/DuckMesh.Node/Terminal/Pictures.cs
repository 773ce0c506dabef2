using System.Runtime.CompilerServices;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http;

namespace DuckMesh.Node.Terminal;

/// <summary>A picture of the node each second.</summary>
internal sealed class Pictures(Fleet fleet, NodeStatus status, Notes notes, TimeProvider time)
{
    /// <summary>Nobody reads faster, and drawing must not be what the node does.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="stopping">From then on there are no more: a node that stops has no supervisors, and would seem to have forgotten all.</param>
    public async IAsyncEnumerable<Picture> EachAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            var snapshot = await AskAsync(stopping);
            if (stopping.IsCancellationRequested) yield break;
            yield return new Picture(time.GetUtcNow(), snapshot, status.Discovery, status.JournalError, notes.All);
        }
        while (await NextAsync(timer, stopping));
    }

    private async Task<FleetSnapshot?> AskAsync(CancellationToken stopping)
    {
        try
        {
            return await fleet.SnapshotAsync(stopping);
        }
        catch (Exception e) when (e is FleetUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

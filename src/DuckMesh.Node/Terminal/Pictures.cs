using System.Runtime.CompilerServices;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http;

namespace DuckMesh.Node.Terminal;

/// <summary>A picture of the node each second, until it stops.</summary>
internal static class Pictures
{
    /// <summary>Nobody reads faster, and drawing must not be what the node does.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static async IAsyncEnumerable<Picture> Each(Fleet fleet, NodeStatus status, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            var snapshot = await AskAsync(fleet, cancellation);
            if (cancellation.IsCancellationRequested) yield break;
            yield return Picture.Of(time.GetUtcNow(), snapshot, status);
        }
        while (await NextAsync(timer, cancellation));
    }

    private static async Task<FleetSnapshot?> AskAsync(Fleet fleet, CancellationToken cancellation)
    {
        try
        {
            return await fleet.SnapshotAsync(cancellation);
        }
        catch (Exception e) when (e is FleetUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

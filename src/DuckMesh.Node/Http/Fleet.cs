using Akka.Actor;
using DuckMesh.Cluster.Exporter;

namespace DuckMesh.Node.Http;

/// <summary>What this node knows of its databases, asked of the exporter anew each time: this side keeps no state.</summary>
public sealed class Fleet(Func<CancellationToken, Task<FleetSnapshot>> ask, TimeProvider time)
{
    /// <summary>The exporter answers from memory in well under a millisecond; one that takes this long is stuck, and whoever asks should hear it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <exception cref="FleetUnavailableException">The exporter did not answer in time.</exception>
    public async Task<FleetSnapshot> SnapshotAsync(CancellationToken cancellation)
    {
        try
        {
            return await ask(cancellation).WaitAsync(Deadline, time, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or AskTimeoutException)
        {
            throw new FleetUnavailableException(e);
        }
    }
}

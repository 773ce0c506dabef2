using Akka.Actor;
using DuckMesh.Cluster.Gathering;

namespace DuckMesh.Node.Http.Gathering;

/// <summary>The other nodes of the cluster, to be asked.</summary>
public sealed class OtherNodes(Func<GatherProtocol.Gather, CancellationToken, Task<GatherProtocol.Gathered>> ask)
{
    /// <summary>A node answers from memory within milliseconds. Whoever looks at a list would rather see it without a node than wait longer.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>The gatherer keeps the deadline itself; one that does not reply by then is stuck.</summary>
    public static readonly TimeSpan Deadline = Within + TimeSpan.FromSeconds(1);

    /// <exception cref="FleetUnavailableException">The gatherer did not reply.</exception>
    public async Task<GatherProtocol.Gathered> AskAsync(string about, string query, CancellationToken cancellation)
    {
        try
        {
            return await ask(new GatherProtocol.Gather(about, query, Within), cancellation);
        }
        catch (Exception e) when (e is TimeoutException or AskTimeoutException)
        {
            throw new FleetUnavailableException(e);
        }
    }
}

using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using DuckMesh.Cluster.Tests.Hosting;

namespace DuckMesh.Cluster.Tests.SplitBrain;

/// <summary>Nodes whose connections a test can cut: nothing passes in either direction, and nobody is told, as when a cable is pulled. The database stays within reach of all.</summary>
internal sealed class CutNetwork : IDisposable
{
    private readonly string _hocon = Directory.CreateTempSubdirectory("duckmesh-hocon-").FullName;

    public CutNetwork()
    {
        foreach (var file in Directory.EnumerateFiles(MonitorNode.ShippedHocon)) File.Copy(file, Path.Combine(_hocon, Path.GetFileName(file)));
        File.AppendAllText(Path.Combine(_hocon, "cluster.conf"), "\nakka.remote.dot-netty.tcp.applied-adapters = [trttl]\n");
    }

    /// <summary>The shipped settings, and the transport adapter that can be told to let nothing pass.</summary>
    public MonitorSettings Cuttable(MonitorSettings settings) => settings with { HoconFolder = _hocon };

    public static async Task CutAsync(IEnumerable<MonitorNode> oneSide, IEnumerable<MonitorNode> otherSide)
    {
        foreach (var (one, other) in from a in oneSide from b in otherSide select (a, b))
        {
            await BlackholeAsync(one, other.Cluster.SelfAddress);
            await BlackholeAsync(other, one.Cluster.SelfAddress);
        }
    }

    public void Dispose() => Directory.Delete(_hocon, recursive: true);

    private static async Task BlackholeAsync(MonitorNode node, Address to)
    {
        var transport = ((RemoteActorRefProvider)((ExtendedActorSystem)node.System).Provider).Transport;
        Assert.True(await transport.ManagementCommand(new SetThrottle(to, ThrottleTransportAdapter.Direction.Both, Blackhole.Instance)));
    }
}

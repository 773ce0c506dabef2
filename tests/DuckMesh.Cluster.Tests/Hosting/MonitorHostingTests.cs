using Akka.Actor;
using Akka.Hosting;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Hosting;
using DuckMesh.Model.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>The whole monitor as a host starts it: cluster of one, sharding, remembered cells, SQLite journal.</summary>
public sealed class MonitorHostingTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Databases_are_there_again_after_a_restart_though_nobody_finds_them_anew()
    {
        var id = new DatabaseId("h1", null, "/nowhere/orders.duckdb");
        using (var host = await StartAsync())
        {
            var region = host.Services.GetRequiredService<IRequiredActor<CellActor>>().ActorRef;
            region.Tell(new CellProtocol.Found(CellId.Of(id), [new FoundDatabase(id, "orders", true)]));
            Assert.Equal(id, Assert.Single(await FleetAsync(host, f => f.Databases.Length == 1)).Database.Id);
            await StopAsync(host);
        }

        using (var host = await StartAsync())
        {
            var view = Assert.Single(await FleetAsync(host, f => f.Databases.Length == 1));
            Assert.Equal("orders", view.Database.Name);
            Assert.True(view.Database.Expected);
            await StopAsync(host);
        }
    }

    /// <summary>On a busy host the coordinator ended before its region, which then waited for 10 s, and SIGTERM took twice as long as it may.</summary>
    [Fact]
    public async Task A_single_node_that_stops_does_not_wait_long_for_a_coordinator_that_has_ended()
    {
        using var host = await StartAsync();
        var shutdown = CoordinatedShutdown.Get(host.Services.GetRequiredService<ActorSystem>());
        Assert.Equal(TimeSpan.FromSeconds(2), shutdown.Timeout(CoordinatedShutdown.PhaseClusterShardingShutdownRegion));
        Assert.Equal(TimeSpan.FromSeconds(2), shutdown.Timeout(CoordinatedShutdown.PhaseClusterExiting));
        await StopAsync(host);
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddMonitor(new MonitorSettings
        {
            Host = "h1",
            DataFolder = _folder,
            HoconFolder = Path.Combine(AppContext.BaseDirectory, "hocon"),
            RemotePort = 0,
            Discover = false,
            Interval = TimeSpan.FromSeconds(1),
            Rules = RuleSet.BuiltIn,
        });
        var host = builder.Build();
        await host.StartAsync().WaitAsync(Deadline);
        var status = host.Services.GetRequiredService<NodeStatus>();
        await Until(() => Task.FromResult(status.Ready), () => $"up {status.MemberUp}, region {status.RegionStarted}, journal {status.JournalError}");
        return host;
    }

    private static async Task StopAsync(IHost host) => await host.StopAsync().WaitAsync(Deadline);

    private static async Task<IEnumerable<DatabaseView>> FleetAsync(IHost host, Func<FleetSnapshot, bool> enough)
    {
        var exporter = host.Services.GetRequiredService<IRequiredActor<ExporterActor>>().ActorRef;
        FleetSnapshot fleet = new(default, []);
        await Until(async () => enough(fleet = await exporter.Ask<FleetSnapshot>(GetFleet.Instance, Deadline)), () => $"{fleet.Databases.Length} databases");
        return fleet.Databases;
    }

    private static async Task Until(Func<Task<bool>> holds, Func<string> seen)
    {
        var end = DateTime.UtcNow + Deadline;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, $"not in {Deadline}: {seen()}");
            await Task.Yield();
        }
    }
}

using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using DuckMesh.Cluster.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>A whole node in this process, with a data folder of its own.</summary>
internal sealed class MonitorNode : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static readonly string ShippedHocon = Path.Combine(AppContext.BaseDirectory, "hocon");

    private readonly IHost _host;
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private MonitorNode(IHost host, string folder, bool ownsFolder)
    {
        _host = host;
        _folder = folder;
        _ownsFolder = ownsFolder;
    }

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public ClusterExtension Cluster => ClusterExtension.Get(System);

    public NodeStatus Status => _host.Services.GetRequiredService<NodeStatus>();

    public IServiceProvider Services => _host.Services;

    public string Folder => _folder;

    /// <summary>Addresses of the members that are up, in order.</summary>
    public IReadOnlyList<string> Members => [.. Cluster.State.Members.Where(m => m.Status == MemberStatus.Up).Select(m => m.Address.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Starts it; does not wait until it is up.</summary>
    /// <param name="postgres">Connection string; null: SQLite.</param>
    /// <param name="folder">Its data folder; without one it has a new one, which ends with it.</param>
    /// <param name="change">What is different from a usual node.</param>
    public static async Task<MonitorNode> StartAsync(
        string? postgres, string host = "h1", string cluster = "duckmesh", string? folder = null, ILoggerProvider? log = null, Func<MonitorSettings, MonitorSettings>? change = null)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("duckmesh-").FullName;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        if (log is not null) builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        var settings = new MonitorSettings
        {
            Host = host,
            DataFolder = data,
            HoconFolder = ShippedHocon,
            ClusterName = cluster,
            Postgres = postgres is null ? null : new Secret(postgres),
            RemotePort = 0,
            Discover = false,
            Interval = TimeSpan.FromSeconds(1),
        };
        builder.Services.AddMonitor(change?.Invoke(settings) ?? settings);
        var node = new MonitorNode(builder.Build(), data, ownsFolder: folder is null);
        await node._host.StartAsync().WaitAsync(Deadline);
        return node;
    }

    public Task ReadyAsync() => Until(() => Task.FromResult(Status.Ready), () => $"{Describe()}");

    public Task EndedAsync() => Until(() => Task.FromResult(Status.End is not null && System.WhenTerminated.IsCompleted), Describe);

    public Task SeesMembersAsync(int count) => Until(() => Task.FromResult(Members.Count == count && Cluster.State.Unreachable.IsEmpty), Describe);

    public async Task StopAsync() => await _host.StopAsync().WaitAsync(Deadline);

    public static async Task Until(Func<Task<bool>> holds, Func<string> seen)
    {
        var end = DateTime.UtcNow + Deadline;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, $"not in {Deadline}: {seen()}");
            await Task.Delay(20);
        }
    }

    public string Describe() =>
        $"up {Status.MemberUp}, region {Status.RegionStarted}, journal {Status.JournalError}, formation {Status.Formation}, end {Status.End}, members {string.Join(", ", Cluster.State.Members)}";

    public async ValueTask DisposeAsync()
    {
        var system = System;
        await StopAsync();
        await system.WhenTerminated.WaitAsync(Deadline);
        _host.Dispose();
        if (_ownsFolder) Directory.Delete(_folder, recursive: true);
    }
}

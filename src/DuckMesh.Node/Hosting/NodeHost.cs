using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Hosting;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Gathering;
using DuckMesh.Cluster.Hosting;
using DuckMesh.Cluster.Placement;
using DuckMesh.History;
using DuckMesh.History.ClickHouse;
using DuckMesh.Node.Configuration;
using DuckMesh.Node.Demo;
using DuckMesh.Node.Http;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.History;
using DuckMesh.Node.Terminal;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Console;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Node.Hosting;

/// <summary>One node from start to stop: monitor, HTTP and console in one host.</summary>
internal static class NodeHost
{
    public const int CannotStart = 2;

    /// <summary>SIGTERM to the end takes under 5 s; the actor system's own phases end within 4.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(4);

    /// <summary>Runs until the process is told to stop.</summary>
    /// <param name="further">Services that live beside the node.</param>
    /// <returns>The exit code: 0; or, after one line on stderr, <see cref="CannotStart"/> or that of the <see cref="NodeEnd"/>.</returns>
    public static async Task<int> RunAsync(NodeOptions options, Action<IServiceCollection> further, CancellationToken cancellation)
    {
        try
        {
            using var folder = DataFolder.Claim(options.Monitor.DataFolder);
            using var socket = Ports.BindHttp(options.Http);
            Ports.TryRemote(options.Monitor.RemoteAddress, options.Monitor.RemotePort);
            await using var app = Build(options, further, socket);
            var status = app.Services.GetRequiredService<NodeStatus>();
            await app.RunAsync(cancellation);
            if (status.End is not { } end) return 0;
            await Console.Error.WriteLineAsync($"duckmesh: {end.Line}");
            return end.ExitCode;
        }
        catch (Exception e) when (e is StartException or NodeIdException)
        {
            await Console.Error.WriteLineAsync($"duckmesh: {SafeText.Of(e.Message)}");
            return CannotStart;
        }
        catch (SqliteException e)
        {
            await Console.Error.WriteLineAsync(
                $"duckmesh: the journal in {options.Monitor.DataFolder} can't be opened: {e.Message.ReplaceLineEndings(" ")} Name another folder with DUCKMESH_DATA, or move the file journal.sqlite away to begin a new story.");
            return CannotStart;
        }
    }

    private static WebApplication Build(NodeOptions options, Action<IServiceCollection> further, Socket socket)
    {
        // The empty builder reads no settings files and no ASPNETCORE_ variables: all that the node is told is in our own configuration.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "DuckMesh.Node", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(options.Http));
        var services = builder.Services;
        services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket);
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = StopWithin;
            host.ServicesStopConcurrently = true;    // the time is for all of them together
        });
        services.AddSingleton(TimeProvider.System);
        services.AddRouting();

        var live = LiveTable.IsPossible;
        AddLog(builder.Logging, live, options);
        var http = socket.LocalEndPoint!.ToString()!;
        services.AddMonitor(options.Monitor with { HttpAddress = http, Version = ThisNode.Version });
        services.AddSingleton(provider => new Fleet(AskExporter(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OtherNodes(AskGatherer(provider)));
        services.AddSingleton(provider => new ClusterNodes(() => NodesOf(provider.GetRequiredService<ActorSystem>())));
        // One store for all nodes is a ClickHouse; an embedded one knows its own node only, and there is none while history is off.
        services.AddSingleton(provider =>
        {
            var store = provider.GetService<IHistoryStore>();
            return new HistoryReader(store, shared: store is ClickHouseStore, Retention.Default, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider => new ThisNode(options.Monitor.Host, () => AddressOf(provider.GetRequiredService<ActorSystem>()), http));
        services.AddHttpApi();
        services.AddSingleton(provider => new Place(new UriBuilder(Uri.UriSchemeHttp, HostOf(socket), PortOf(socket)).Uri, options.Monitor, provider.GetService<DemoScratch>() is not null));
        services.AddSingleton<Notes>().AddSingleton<Pictures>();
        if (live) services.AddHostedService<LiveTable>();
        else services.AddHostedService<PlainOutput>();
        further(services);

        var app = builder.Build();
        app.MapHttpApi();
        return app;
    }

    private static void AddLog(ILoggingBuilder log, bool live, NodeOptions options)
    {
        log.SetMinimumLevel(LogLevel.Warning);
        if (live)
        {
            log.AddProvider(new LogFile(options.Monitor.DataFolder, TimeProvider.System));
            return;
        }

        log.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        log.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static Func<CancellationToken, Task<FleetSnapshot>> AskExporter(IServiceProvider provider)
    {
        var exporter = provider.GetRequiredService<IRequiredActor<ExporterActor>>();
        return async cancellation => await (await exporter.GetAsync(cancellation)).Ask<FleetSnapshot>(GetFleet.Instance, Fleet.Deadline, cancellation);
    }

    private static Func<GatherProtocol.Gather, CancellationToken, Task<GatherProtocol.Gathered>> AskGatherer(IServiceProvider provider)
    {
        var gatherer = provider.GetRequiredService<IRequiredActor<GathererActor>>();
        return async (gather, cancellation) => await (await gatherer.GetAsync(cancellation)).Ask<GatherProtocol.Gathered>(gather, OtherNodes.Deadline, cancellation);
    }

    private static ImmutableArray<(string Host, string Http)> NodesOf(ActorSystem system) =>
    [
        .. from member in ClusterExtension.Get(system).State.Members
           let http = NodeRoles.HttpOf(member.Roles)
           let host = NodeRoles.HostOf(member.Roles)
           where http is not null && host is not null
           orderby host, http
           select (host, http),
    ];

    private static string? AddressOf(ActorSystem system) => ClusterExtension.Get(system).SelfAddress is { Host: { } host, Port: { } port } ? $"{host}:{port}" : null;

    private static string HostOf(Socket socket) => ((System.Net.IPEndPoint)socket.LocalEndPoint!).Address.ToString();

    private static int PortOf(Socket socket) => ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
}

using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.Serialization;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Gathering;
using DuckMesh.Cluster.Journal;
using DuckMesh.Cluster.Notifier;
using DuckMesh.Cluster.Placement;
using DuckMesh.Cluster.Postgres;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Observation.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Prometheus;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Hosting;

/// <summary>
/// Adds the monitor to a host: its place in the cluster, or a cluster of one, the cells and their journal, and the node's edge, exporter and notifier. Gives <see cref="NodeStatus"/>,
/// <see cref="NodeMetrics"/> and, as <c>IRequiredActor</c>s, the exporter and the gatherer. Takes an <see cref="AnswerQuestion"/> for what other nodes ask.
/// </summary>
public static class MonitorHosting
{
    /// <summary>The shards' type name: part of the journal's format.</summary>
    private const string CellType = "cell";

    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The journal in the data folder can't be opened.</exception>
    /// <exception cref="NodeIdException">The node's id in the data folder can't be read or made.</exception>
    public static IServiceCollection AddMonitor(this IServiceCollection services, MonitorSettings settings)
    {
        var database = settings.Postgres is { } postgres ? new PostgresDatabase(postgres.Reveal(), settings.ClusterName) : null;
        IJournal journal = database is null ? SqliteJournal.Open(settings.DataFolder) : new PostgresJournal(database);
        if (database is not null) services.AddSingleton(_ => database);
        services.AddSingleton(NodeId.Of(settings.DataFolder));
        services.AddSingleton(journal);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => Metrics.NewCustomRegistry());
        services.AddSingleton(settings);
        services.AddSingleton<NodeStatus>();
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton<OwnDatabases>();
        return services.AddAkka(settings.ClusterName, (builder, provider) =>
        {
            if (database is not null) builder.AddSetup(ClusterEntry.LeaseSetup(database, provider));
            if (settings.Tls is { } tls) builder.AddSetup(tls.Setup());
            builder
                .AddHocon(Hocon(settings, journal.HoconFile).WithFallback(Hocon(settings, "reference.conf")), HoconAddMode.Prepend)
                .AddHocon(journal.Hocon(), HoconAddMode.Prepend)
                .AddSetup(journal.Setup())
                .AddSetup(SerializationSetup.Create(system => [SerializerDetails.Create("wire", new WireSerializer(system), WireSerializer.Types)]))
                .ConfigureLoggers(loggers =>
                {
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .WithRemoting(new RemoteOptions { HostName = settings.RemoteAddress, Port = settings.RemotePort, EnableSsl = settings.Tls is not null })
                .WithClustering(new ClusterOptions { Roles = RolesOf(settings), SeedNodes = [] })
                .WithActors((system, registry, _) => StartAsync(system, registry, provider));
        });
    }

    private static string[] RolesOf(MonitorSettings settings) =>
        ["monitor", NodeRoles.OfHost(settings.Host), .. settings.HttpAddress is { } http ? [NodeRoles.OfHttp(http)] : Array.Empty<string>()];

    private static Task<string> NoAnswer(string about, string query, CancellationToken cancellation) =>
        Task.FromException<string>(new NotSupportedException($"this node answers no questions about {about}"));

    private static Config Hocon(MonitorSettings settings, string file) => ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(settings.HoconFolder, file)));

    private static async Task StartAsync(ActorSystem system, IActorRegistry registry, IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<MonitorSettings>();
        var status = provider.GetRequiredService<NodeStatus>();
        var metrics = provider.GetRequiredService<NodeMetrics>();
        var time = provider.GetRequiredService<TimeProvider>();
        var own = provider.GetRequiredService<OwnDatabases>();
        var log = provider.GetRequiredService<ILogger<NotifierActor>>();

        var exporter = system.ActorOf(Produced.Props(() => new ExporterActor(metrics, time)), "exporter");
        var notifier = system.ActorOf(Produced.Props(() => new NotifierActor(settings, status, metrics, time, log)), "notifier");
        var edge = system.ActorOf(Produced.Props(() => new EdgeActor(settings, own, status, metrics, time)), EdgeRouter.EdgeName);
        var edges = system.ActorOf(Produced.Props(() => new EdgeRouter(edge, settings.Host, time)), "edges");
        system.ActorOf(Produced.Props(() => new ResponderActor(provider.GetService<AnswerQuestion>() ?? NoAnswer)), ResponderActor.Name);
        registry.Register<GathererActor>(system.ActorOf(Produced.Props(() => new GathererActor()), "gatherer"));
        registry.Register<ExporterActor>(exporter);

        // The region is started before joining: a member that is up without it can't read the coordinator's messages.
        var cells = new CellContext(settings, edges, exporter, notifier, status, metrics, time);
        var region = await ClusterSharding.Get(system).StartAsync(
            CellType,
            id => Produced.Props(() => new CellActor(id, cells)),
            ClusterShardingSettings.Create(system).WithRole("monitor"),
            new CellExtractor(),
            new HostAllocation(),
            CellProtocol.Leave.Instance);
        registry.Register<CellActor>(region);
        status.RegionStarted = true;

        var cluster = ClusterExtension.Get(system);
        cluster.RegisterOnMemberUp(() =>
        {
            status.MemberUp = true;
            edge.Tell(new EdgeProtocol.StartDiscovery(region));
        });
        cluster.RegisterOnMemberRemoved(() => status.MemberUp = false);
        await ClusterEntry.JoinAsync(system, provider);
    }
}

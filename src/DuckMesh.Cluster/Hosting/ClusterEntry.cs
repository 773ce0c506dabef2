using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using DuckMesh.Cluster.Journal;
using DuckMesh.Cluster.Membership;
using DuckMesh.Cluster.Postgres;
using DuckMesh.Cluster.SplitBrain;
using Microsoft.Extensions.DependencyInjection;
using ClusterExtension = Akka.Cluster.Cluster;

namespace DuckMesh.Cluster.Hosting;

/// <summary>How the node comes into its cluster, and how it leaves it.</summary>
internal static class ClusterEntry
{
    private static readonly TimeSpan JoinItselfWithin = TimeSpan.FromSeconds(20);

    /// <summary>A node that leaves does not wait longer for the database; its row then grows old by itself.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);

    public static Setup LeaseSetup(PostgresDatabase database, IServiceProvider provider) => new PostgresLeaseSetup(
        database, provider.GetRequiredService<NodeStatus>(), provider.GetRequiredService<NodeMetrics>(), provider.GetRequiredService<TimeProvider>());

    /// <summary>A single node is its own cluster at once. One of several finds the others through their database, which may take as long as the database is away.</summary>
    public static async Task JoinAsync(ActorSystem system, IServiceProvider provider)
    {
        var cluster = ClusterExtension.Get(system);
        var status = provider.GetRequiredService<NodeStatus>();
        var metrics = provider.GetRequiredService<NodeMetrics>();
        SayWhyItEnds(system, status);
        system.ActorOf(Produced.Props(() => new MemberCount(metrics)), "member-count");
        if (provider.GetService<PostgresDatabase>() is not { } database)
        {
            StartJournal(system, provider);
            using var deadline = new CancellationTokenSource(JoinItselfWithin);
            await cluster.JoinAsync(cluster.SelfAddress, deadline.Token);
            return;
        }

        var settings = provider.GetRequiredService<MonitorSettings>();
        var node = provider.GetRequiredService<NodeId>();
        var table = new MemberTable(database, new MemberIdentity(settings.Host, node, cluster.SelfAddress.ToString(), cluster.SelfUniqueAddress.Uid, settings.HttpAddress, settings.Version));
        var formation = new Formation(settings.Host, node, cluster.SelfAddress.Protocol, provider.GetRequiredService<TimeProvider>());
        LeaveTable(system, table, status);
        system.ActorOf(Produced.Props(() => new FormationActor(database, table, formation, status, metrics, () => StartJournal(system, provider))), "formation");
    }

    /// <summary>Its tables are there.</summary>
    private static void StartJournal(ActorSystem system, IServiceProvider provider)
    {
        system.ActorOf(Produced.Props(() => new JournalWarmUp()), "journal-warm-up");
        system.ActorOf(
            Produced.Props(() => new JournalPulse(
                provider.GetRequiredService<IJournal>(), provider.GetRequiredService<NodeStatus>().Journal, provider.GetRequiredService<NodeMetrics>(), provider.GetRequiredService<TimeProvider>())),
            "journal-pulse");
    }

    /// <summary>The actor system shuts down by itself when the cluster has given this node up; the host follows, and should know why.</summary>
    private static void SayWhyItEnds(ActorSystem system, NodeStatus status)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "say-why", () =>
        {
            if (shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason)
            {
                status.End ??= NodeEnd.Downed(status.LeaseFailure is { } why
                    ? $"it lost sight of other nodes and did not get the lease ({why}); it ends, to be started again by its process supervisor"
                    : "the other nodes lost sight of it and have given it up; it ends, to be started again by its process supervisor");
            }

            return Task.FromResult(Akka.Done.Instance);
        });
    }

    /// <summary>After the node has left the cluster: who starts meanwhile need not wait for it.</summary>
    private static void LeaveTable(ActorSystem system, MemberTable table, NodeStatus status) => CoordinatedShutdown.Get(system).AddTask(
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "leave-member-table", async () =>
        {
            if (status.End is not null) return Akka.Done.Instance;
            using var deadline = new CancellationTokenSource(LeaveWithin);
            try
            {
                await table.LeaveAsync(deadline.Token);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or OperationCanceledException or TimeoutException)
            {
                // The row grows old by itself.
            }

            return Akka.Done.Instance;
        });
}

using Akka.Actor;
using Akka.TestKit.Xunit2;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Supervision;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Cluster.Tests.Exporter;

public sealed class ExporterActorTests : TestKit
{
    private readonly IActorRef _exporter;

    public ExporterActorTests() : base("akka.loglevel = OFF") =>
        _exporter = Sys.ActorOf(Produced.Props(() => new ExporterActor(new NodeMetrics(Prometheus.Metrics.NewCustomRegistry()), TimeProvider.System)));

    [Fact]
    public async Task A_database_is_listed_before_its_first_reading()
    {
        _exporter.Tell(new ExporterProtocol.Watched(Some.Stored()));
        var view = Assert.Single((await FleetAsync()).Databases);
        Assert.Equal(DatabaseState.Unknown, view.Database.State);
        Assert.Null(view.Latest);
    }

    [Fact]
    public async Task The_newest_batch_is_shown()
    {
        _exporter.Tell(new ExporterProtocol.Watched(Some.Stored()));
        var batch = Batch();
        _exporter.Tell(new SupervisorProtocol.Collected(batch));
        Assert.Same(batch, Assert.Single((await FleetAsync()).Databases).Latest);
    }

    [Fact]
    public async Task A_database_whose_supervisor_stopped_leaves_nothing_behind_not_even_by_a_late_word()
    {
        _exporter.Tell(new ExporterProtocol.Watched(Some.Stored()));
        _exporter.Tell(new ExporterProtocol.Unwatched(Some.Orders));
        _exporter.Tell(new SupervisorProtocol.Collected(Batch()));
        _exporter.Tell(new ExporterProtocol.AlertsChanged(Some.Orders, [], []));
        Assert.Empty((await FleetAsync()).Databases);
    }

    [Fact]
    public async Task Databases_are_ordered_by_id()
    {
        foreach (var name in new[] { "c", "a", "b" }) _exporter.Tell(new ExporterProtocol.Watched(Some.Stored(new DatabaseId("h1", null, $"/{name}"))));
        Assert.Equal(["h1:/a", "h1:/b", "h1:/c"], (await FleetAsync()).Databases.Select(d => d.Database.Id.Value));
    }

    private static Batch Batch() => new(new DatabaseDescription(Some.Orders, "orders", DatabaseState.Up, false, null), Some.Noon, Model.Metrics.Batch.NoValues());

    private Task<FleetSnapshot> FleetAsync() => _exporter.Ask<FleetSnapshot>(GetFleet.Instance, TimeSpan.FromSeconds(5));
}

using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Files;

namespace DuckMesh.Cluster.Tests.Edge;

/// <summary>The edge over a real folder; the region and the cells are the test's.</summary>
public sealed class EdgeActorTests : TestKit
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;
    private readonly NodeStatus _status = new(TimeProvider.System);
    private readonly NodeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private readonly TestProbe _region;
    private readonly DatabaseId _id;

    public EdgeActorTests() : base("akka.loglevel = OFF")
    {
        _region = CreateTestProbe();
        _id = new DatabaseId("h1", null, Path.Combine(_folder, "orders.duckdb"));
    }

    [Fact]
    public async Task What_is_found_is_announced_at_each_pass_until_its_cell_knows_it()
    {
        var edge = Start();
        for (var i = 0; i < 3; i++)
        {
            var found = await FoundAsync();
            Assert.Equal(CellId.Of(_id), found.Cell);
            Assert.Equal(_id, Assert.Single(found.Databases).Id);
            Assert.True(found.Databases[0].Configured);
        }

        edge.Tell(new EdgeProtocol.Known(CellId.Of(_id), [_id], 1));
        var host = DatabaseId.OfHost("h1");
        edge.Tell(new EdgeProtocol.Known(CellId.Of(host), [host], 1));
        await AwaitAssertAsync(async () => await _region.ExpectNoMsgAsync(TimeSpan.FromSeconds(2.5)));
    }

    [Fact]
    public async Task Nothing_is_announced_while_the_journal_is_down()
    {
        _status.Journal.Failed("pulse", "full");
        Start();
        await AwaitAssertAsync(() => Assert.NotNull(_status.Discovery), Deadline);
        await _region.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
        _status.Journal.Works("pulse");
        await FoundAsync();
    }

    [Fact]
    public async Task Each_look_is_answered()
    {
        var edge = Start();
        await FoundAsync();
        var reading = await edge.Ask<Reading>(new EdgeProtocol.Probe(_id, Deadline, 1), Deadline);
        Assert.Equal(Presence.Absent, reading.Presence);
        var stranger = new DatabaseId("h1", null, "/nobody/knows.duckdb");
        Assert.Equal(stranger, (await edge.Ask<EdgeProtocol.ProbeFailed>(new EdgeProtocol.Probe(stranger, Deadline, 1), Deadline)).Database);
    }

    [Fact]
    public async Task A_database_that_a_cell_remembers_can_be_looked_at_though_nobody_finds_it()
    {
        var edge = Start();
        var remembered = new DatabaseId("h1", null, Path.Combine(_folder, "old.duckdb"));
        edge.Tell(new EdgeProtocol.Adopt(CellId.Of(remembered), [new FoundDatabase(remembered, "old", false)], 1));
        Assert.Equal(Presence.Absent, (await edge.Ask<Reading>(new EdgeProtocol.Probe(remembered, Deadline, 1), Deadline)).Presence);
        edge.Tell(new EdgeProtocol.Forget(remembered, 1));
        await edge.Ask<EdgeProtocol.ProbeFailed>(new EdgeProtocol.Probe(remembered, Deadline, 1), Deadline);
    }

    [Fact]
    public async Task A_database_that_a_cell_remembers_is_not_looked_at_before_discovery_has_seen_who_holds_it()
    {
        var edge = Create(discover: true);
        var remembered = new DatabaseId("h1", null, Path.Combine(_folder, "old.duckdb"));
        edge.Tell(new EdgeProtocol.Adopt(CellId.Of(remembered), [new FoundDatabase(remembered, "old", false)], 1));
        Assert.True((await edge.Ask<EdgeProtocol.ProbeFailed>(new EdgeProtocol.Probe(remembered, Deadline, 1), Deadline)).Stranger);

        edge.Tell(new EdgeProtocol.StartDiscovery(_region));
        await AwaitAssertAsync(() => Assert.NotNull(_status.Discovery), Deadline);
        await AwaitAssertAsync(async () => Assert.IsType<Reading>(await edge.Ask<object>(new EdgeProtocol.Probe(remembered, Deadline, 1), Deadline)), Deadline);
    }

    [Fact]
    public async Task Of_two_lives_of_a_cell_that_overlap_the_older_one_gets_nothing_done()
    {
        var edge = Start();
        var cell = CellId.Of(_id);
        await FoundAsync();
        edge.Tell(new EdgeProtocol.Known(cell, [_id], 1));
        Assert.IsType<Reading>(await edge.Ask<object>(new EdgeProtocol.Probe(_id, Deadline, 1), Deadline));
        Assert.IsType<Reading>(await edge.Ask<object>(new EdgeProtocol.Probe(_id, Deadline, 2), Deadline));

        Assert.Equal(new EdgeProtocol.Refused(cell, 2), await edge.Ask<object>(new EdgeProtocol.Probe(_id, Deadline, 1), Deadline));
        Assert.Equal(new EdgeProtocol.Refused(cell, 2), await edge.Ask<object>(new EdgeProtocol.Forget(_id, 1), Deadline));
        Assert.Equal(new EdgeProtocol.Refused(cell, 2), await edge.Ask<object>(new EdgeProtocol.Adopt(cell, [new FoundDatabase(_id, "stolen", false)], 1), Deadline));
        Assert.IsType<Reading>(await edge.Ask<object>(new EdgeProtocol.Probe(_id, Deadline, 2), Deadline));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The edge announces its host as well; that is another cell's.</summary>
    private async Task<CellProtocol.Found> FoundAsync() => await _region.FishForMessageAsync<CellProtocol.Found>(f => f.Cell == CellId.Of(_id), Deadline);

    private IActorRef Start()
    {
        var edge = Create(discover: false);
        edge.Tell(new EdgeProtocol.StartDiscovery(_region));
        return edge;
    }

    private IActorRef Create(bool discover)
    {
        var settings = new MonitorSettings
        {
            Host = "h1",
            DataFolder = _folder,
            HoconFolder = "/",
            Discover = discover,
            Watch = [_id.Path],
            Interval = TimeSpan.FromSeconds(1),
        };
        return Sys.ActorOf(Produced.Props(() => new EdgeActor(settings, new OwnDatabases(), _status, _metrics, TimeProvider.System)));
    }
}

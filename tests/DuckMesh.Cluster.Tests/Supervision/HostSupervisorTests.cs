using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Cluster.Supervision;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Cluster.Tests.Supervision;

/// <summary>A host's supervisor on a virtual clock; the cell, the router and the exporter are the test's.</summary>
public sealed class HostSupervisorTests : TestKit
{
    private static readonly DatabaseId Host = DatabaseId.OfHost("h1");

    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly NodeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private readonly TestProbe _cell;
    private readonly TestProbe _edges;
    private readonly TestProbe _exporter;

    public HostSupervisorTests() : base("akka.loglevel = OFF")
    {
        _cell = CreateTestProbe();
        _edges = CreateTestProbe();
        _exporter = CreateTestProbe();
    }

    [Fact]
    public async Task A_lost_host_is_one_episode_after_half_a_minute_and_ends_when_its_node_is_back()
    {
        var supervisor = await StartAsync([]);
        await SeeAsync(supervisor, up: false, seconds: 0);
        Assert.Equal(EpisodeState.Pending, (await ProposedAsync()).To);
        for (var i = 0; i < 6; i++) await SeeAsync(supervisor, up: false, seconds: 5);
        var firing = await ProposedAsync();
        Assert.Equal(("HostDown", EpisodeState.Firing, Severity.Critical), (firing.Rule, firing.To, firing.Severity));
        Assert.Equal(0, _metrics.HostUp.WithLabels("h1").Value);

        await SeeAsync(supervisor, up: true, seconds: 5);
        var resolved = await ProposedAsync();
        Assert.Equal((firing.Episode, EpisodeState.Resolved), (resolved.Episode, resolved.To));
        Assert.Equal(1, _metrics.HostUp.WithLabels("h1").Value);
    }

    [Fact]
    public async Task A_node_that_restarts_is_no_lost_host()
    {
        var supervisor = await StartAsync([]);
        await SeeAsync(supervisor, up: false, seconds: 0);
        await ProposedAsync();
        for (var i = 0; i < 5; i++) await SeeAsync(supervisor, up: false, seconds: 5);
        await SeeAsync(supervisor, up: true, seconds: 1);
        Assert.Equal(EpisodeState.Resolved, (await ProposedAsync()).To);
    }

    [Fact]
    public async Task The_episode_goes_on_where_another_node_takes_the_host_over()
    {
        var open = Episode.Apply(null, new Transition(Episode.IdOf(Host, "HostDown", Some.Noon), 1, Host, "HostDown", Severity.Critical, EpisodeState.Pending, Some.Noon, Some.Noon, 0, 0, "lost"));
        var supervisor = await StartAsync([open]);
        await SeeAsync(supervisor, up: false, seconds: 31);
        var firing = await ProposedAsync();
        Assert.Equal((open.Id, 2, EpisodeState.Firing), (firing.Episode, firing.Number, firing.To));
    }

    private async Task<IActorRef> StartAsync(Episode[] open)
    {
        var context = new CellContext(
            new MonitorSettings { Host = "h2", DataFolder = "/", HoconFolder = "/" }, _edges, _exporter, ActorRefs.Nobody, new NodeStatus(_time), _metrics, _time);
        var supervisor = _cell.ChildActorOf(Produced.Props(() => new HostSupervisor(Host, context)));
        await _cell.ExpectMsgAsync<CellProtocol.Started>(s => Assert.Equal(Host, s.Database));
        supervisor.Tell(new SupervisorProtocol.Resume(new StoredDatabase(Host, "h1", true, Some.Noon, 0, null, [.. open], []), 1));
        await _exporter.FishForMessageAsync<ExporterProtocol.Watched>(_ => true);
        await _edges.ExpectMsgAsync<EdgeProtocol.See>();
        return supervisor;
    }

    private async Task SeeAsync(IActorRef supervisor, bool up, int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        supervisor.Tell(SupervisorProtocol.Look.Instance);
        Assert.Equal("h1", (await _edges.ExpectMsgAsync<EdgeProtocol.See>()).Host);
        _edges.Reply(new EdgeProtocol.HostSeen("h1", up));
        // A barrier: what the alert evaluator proposes comes from the same chain of two mailboxes.
        await supervisor.Ask<ActorIdentity>(new Identify(null), TimeSpan.FromSeconds(5));
    }

    private async Task<Transition> ProposedAsync() => (await _cell.ExpectMsgAsync<CellProtocol.Propose>()).Transition;
}

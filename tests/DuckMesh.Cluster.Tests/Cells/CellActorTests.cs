using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Notifier;
using DuckMesh.Cluster.Supervision;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Cluster.Tests.Cells;

/// <summary>One cell with real supervisors and ledger on a virtual clock; the edge, exporter and notifier are the test's.</summary>
public sealed class CellActorTests : TestKit
{
    private const string Hocon = """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = OFF
        akka.persistence.journal.plugin = "flaky"
        flaky.class = "DuckMesh.Cluster.Tests.Cells.FlakyJournal, DuckMesh.Cluster.Tests"
        flaky.plugin-dispatcher = "akka.actor.default-dispatcher"
        flaky.circuit-breaker { max-failures = 1000, call-timeout = 10s, reset-timeout = 1s }
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """;

    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly NodeStatus _status;
    private readonly NodeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private readonly TestProbe _edge;
    private readonly TestProbe _exporter;
    private readonly TestProbe _notifier;
    private readonly string _id = CellId.Of(Some.Orders);
    private double _disk = 0.1;

    public CellActorTests() : base(Hocon)
    {
        _status = new NodeStatus(_time);
        _edge = CreateTestProbe();
        _exporter = CreateTestProbe();
        _notifier = CreateTestProbe();
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private FlakyJournal.Faults Journal => FlakyJournal.Faults.Of(Sys);

    [Fact]
    public async Task A_database_that_was_found_is_stored_supervised_and_looked_at()
    {
        var cell = Start();
        await FindAsync(cell);
        Assert.Equal(Some.Orders, (await LookAsync()).Database);
    }

    [Fact]
    public async Task A_transition_is_announced_after_it_is_stored_and_no_sooner()
    {
        var cell = Start();
        await FindAsync(cell);
        _disk = 0.95;
        await ReadAsync();
        var announced = await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        Assert.False(announced.Unrecorded);
        var item = Assert.Single(announced.Items);
        Assert.Equal(EpisodeState.Firing, item.Transition.To);
        Assert.Equal("DiskFull", item.Transition.Rule);
        Assert.Equal(1, item.No);
    }

    [Fact]
    public async Task After_a_crash_the_episode_is_still_open_and_what_was_not_heard_is_announced_again_under_the_same_id()
    {
        var cell = Start();
        await FindAsync(cell);
        _disk = 0.95;
        await ReadAsync();
        var first = Assert.Single((await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>()).Items);
        await StopAsync(cell);

        Start();
        var again = Assert.Single((await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>()).Items);
        Assert.Equal(first.Transition.Id, again.Transition.Id);
        await ReadAsync();
        _disk = 0.1;
        await TickAsync();
        await ReadAsync();
        var resolved = Assert.Single((await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>()).Items);
        Assert.Equal(first.Transition.Episode, resolved.Transition.Episode);
        Assert.Equal(EpisodeState.Resolved, resolved.Transition.To);
    }

    [Fact]
    public async Task With_the_journal_down_supervisors_live_and_after_ten_seconds_alerts_are_announced_unrecorded()
    {
        var cell = Start();
        await FindAsync(cell);
        Journal.FailBefore = true;
        _disk = 0.95;
        await ReadAsync();
        await AwaitAssertAsync(() => Assert.NotNull(_status.JournalError));
        await _notifier.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 12; i++) await TickAsync(answer: true);
        var unrecorded = await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        Assert.True(unrecorded.Unrecorded);

        Journal.FailBefore = false;
        for (var i = 0; i < 10; i++) await TickAsync(answer: true);
        var recorded = await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        Assert.False(recorded.Unrecorded);
        Assert.Equal(unrecorded.Items[0].Transition.Id, recorded.Items[0].Transition.Id);
        Assert.Equal(unrecorded.Items[0].No, recorded.Items[0].No);
        await AwaitAssertAsync(() => Assert.Null(_status.JournalError));
    }

    [Fact]
    public async Task A_write_that_was_stored_though_it_seemed_to_fail_is_not_stored_twice()
    {
        var cell = Start();
        await FindAsync(cell);
        Journal.FailAfter = true;
        _disk = 0.95;
        await ReadAsync();
        await AwaitAssertAsync(() => Assert.NotNull(_status.JournalError));
        Journal.FailAfter = false;
        for (var i = 0; i < 3; i++) await TickAsync(answer: true);
        var first = await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        Assert.Equal(1, Assert.Single(first.Items).No);
        _disk = 0.1;
        for (var i = 0; i < 6; i++) await TickAsync(answer: true);
        var resolved = await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        Assert.Equal(2, Assert.Single(resolved.Items).No);
    }

    [Fact]
    public async Task A_supervisor_that_fails_comes_back_with_its_open_episode()
    {
        var cell = Start();
        await FindAsync(cell);
        _disk = 0.95;
        await ReadAsync();
        await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        var collector = _edge.LastSender;
        Sys.ActorSelection(collector.Path.Parent).Tell(Kill.Instance);
        var watched = await _exporter.FishForMessageAsync<ExporterProtocol.Watched>(w => w.Database.Open.Length == 1);
        Assert.Equal(EpisodeState.Firing, watched.Database.Open[0].State);
        await ReadAsync();
        await _notifier.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_cell_whose_newer_life_the_edge_has_heard_of_ends()
    {
        var old = Start();
        await FindAsync(old);
        var probe = await LookAsync();
        var collector = _edge.LastSender;
        Assert.Equal(1, probe.Fence);
        Watch(old);
        collector.Tell(new EdgeProtocol.Refused(_id, 1), _edge);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        collector.Tell(new EdgeProtocol.Refused(_id, 2), _edge);
        await ExpectTerminatedAsync(old);

        Start();
        Assert.Equal(2, (await LookAsync()).Fence);
    }

    [Fact]
    public async Task A_lost_host_opens_no_episode_of_its_databases_and_leaves_the_open_ones_as_they_are()
    {
        var cell = Start();
        await FindAsync(cell);
        _disk = 0.95;
        await ReadAsync();
        await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>();
        for (var i = 0; i < 5; i++)
        {
            await TickAsync();
            await LookAsync();
            _edge.LastSender.Tell(new EdgeProtocol.HostLost(Some.Orders, _time.GetUtcNow()), _edge);
            var shown = await _exporter.FishForMessageAsync<SupervisorProtocol.Collected>(c => c.Batch.Database.State == DatabaseState.Lost);
            Assert.Contains("h1", shown.Batch.Database.Reason, StringComparison.Ordinal);
            Assert.All(shown.Batch.Values.ToArray(), v => Assert.True(double.IsNaN(v)));
        }

        await _notifier.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        _disk = 0.1;
        await TickAsync();
        await ReadAsync();
        Assert.Equal(EpisodeState.Resolved, Assert.Single((await _notifier.ExpectMsgAsync<NotifierProtocol.Announce>()).Items).Transition.To);
    }

    [Fact]
    public async Task An_edge_that_does_not_know_a_database_is_told_of_it()
    {
        var cell = Start();
        await FindAsync(cell);
        await LookAsync();
        _edge.LastSender.Tell(new EdgeProtocol.ProbeFailed(Some.Orders, _time.GetUtcNow(), "unknown") { Stranger = true }, _edge);
        var adopt = await _edge.FishForMessageAsync<EdgeProtocol.Adopt>(a => a.Databases.Length == 1);
        Assert.Equal(new FoundDatabase(Some.Orders, "orders", false), adopt.Databases[0]);
        await TickAsync();
        await LookAsync();
    }

    [Fact]
    public async Task An_edge_that_died_without_an_answer_does_not_stop_the_looking()
    {
        var cell = Start();
        await FindAsync(cell);
        await LookAsync();
        await TickAsync();
        await TickAsync();
        await LookAsync();
    }

    [Fact]
    public async Task An_empty_cell_leaves_so_that_it_is_not_remembered_for_ever()
    {
        var parent = CreateTestProbe();
        var cell = parent.ChildActorOf(Props(), "cell");
        await _edge.ExpectMsgAsync<EdgeProtocol.Adopt>();
        await AwaitAssertAsync(async () =>
        {
            Advance();
            await parent.ExpectMsgAsync<Akka.Cluster.Sharding.Passivate>(TimeSpan.FromMilliseconds(20));
        });
        Watch(cell);
        cell.Tell(CellProtocol.Leave.Instance);
        await ExpectTerminatedAsync(cell);
    }

    private Props Props() => Produced.Props(() => new CellActor(_id, new CellContext(
        new MonitorSettings { Host = "h1", DataFolder = "/", HoconFolder = "/", Interval = TimeSpan.FromSeconds(1) }, _edge, _exporter, _notifier, _status, _metrics, _time)));

    private IActorRef Start() => Sys.ActorOf(Props());

    private async Task StopAsync(IActorRef cell)
    {
        Watch(cell);
        Sys.Stop(cell);
        await ExpectTerminatedAsync(cell);
    }

    private async Task FindAsync(IActorRef cell)
    {
        await _edge.FishForMessageAsync<EdgeProtocol.Adopt>(_ => true);
        cell.Tell(new CellProtocol.Found(_id, [new FoundDatabase(Some.Orders, "orders", false)]), _edge);
        await _edge.FishForMessageAsync<EdgeProtocol.Known>(k => k.Databases.Contains(Some.Orders));
    }

    private async Task<EdgeProtocol.Probe> LookAsync() => await _edge.FishForMessageAsync<EdgeProtocol.Probe>(_ => true);

    private async Task ReadAsync()
    {
        await LookAsync();
        _edge.LastSender.Tell(new Reading(Some.Orders, _time.GetUtcNow(), Presence.Present)
        {
            File = new FileReading(new FileIdentity(1, 2), 12288),
            Owned = false,
            Disk = new DiskReading(100, 5, _disk, "ext4", false),
        });
    }

    private void Advance()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>One second passes: the cell's slice asks for a look, which is answered on demand.</summary>
    private async Task TickAsync(bool answer = false)
    {
        Advance();
        if (answer) await ReadAsync();
    }
}

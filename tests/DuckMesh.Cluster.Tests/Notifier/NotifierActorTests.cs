using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Cluster.Notifier;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Alerts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Cluster.Tests.Notifier;

public sealed class NotifierActorTests : TestKit
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-").FullName;
    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly NodeStatus _status;
    private readonly NodeMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());

    public NotifierActorTests() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\", akka.loglevel = OFF") => _status = new NodeStatus(_time);

    private string LogFile => Path.Combine(_folder, AnnouncementLog.FileName);

    [Fact]
    public async Task A_transition_is_confirmed_only_after_it_was_written()
    {
        Start().Tell(new NotifierProtocol.Announce("h1/3", [new StoredTransition(7, Some.Transition(1)), new StoredTransition(8, Some.Transition(2))], Unrecorded: false));
        Assert.Equal(8, (await ExpectMsgAsync<CellProtocol.Announced>()).Through);
        Assert.Equal([Some.Transition(1).Id, Some.Transition(2).Id], Announced().Select(a => a.Id));
        Assert.All(Announced(), a => Assert.True(a.Recorded));
        Assert.All(Announced(), a => Assert.Equal("stop accepting writes", a.Action));
    }

    [Fact]
    public async Task What_is_not_stored_is_said_to_be_unrecorded_and_not_confirmed()
    {
        Start().Tell(new NotifierProtocol.Announce("h1/3", [new StoredTransition(7, Some.Transition(1))], Unrecorded: true));
        await AwaitAssertAsync(() => Assert.False(Assert.Single(Announced()).Recorded));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_journal_that_is_down_for_ten_seconds_is_announced_once_and_so_is_its_return()
    {
        Start();
        _status.Journal.Failed("pulse", "database or disk is full");
        for (var i = 0; i < 9; i++) Second();
        Assert.False(File.Exists(LogFile));
        for (var i = 0; i < 5; i++) Second();
        await AwaitAssertAsync(() => Assert.Single(Announced()));
        _status.Journal.Works("pulse");
        Second();
        await AwaitAssertAsync(() => Assert.Equal(2, Announced().Length));
        Assert.Equal([EpisodeState.Firing, EpisodeState.Resolved], Announced().Select(a => a.State));
        Assert.Single(Announced().Select(a => a.Episode).Distinct());
        Assert.Equal("database or disk is full", Announced()[0].Reason);
        Assert.Equal(1, _metrics.JournalUp.Value);
    }

    [Fact]
    public async Task A_log_that_can_not_be_written_is_counted_and_holds_nothing_up()
    {
        Directory.CreateDirectory(LogFile);
        Start().Tell(new NotifierProtocol.Announce("h1/3", [new StoredTransition(7, Some.Transition(1))], Unrecorded: false));
        await ExpectMsgAsync<CellProtocol.Announced>();
        Assert.Equal(1, _metrics.NotifierFailures.Value);
    }

    [Fact]
    public void A_line_that_was_left_half_written_does_not_spoil_the_next()
    {
        var log = new AnnouncementLog(_folder);
        Directory.CreateDirectory(LogFile);
        Assert.ThrowsAny<UnauthorizedAccessException>(() => log.Write([Example]));
        Directory.Delete(LogFile);
        File.WriteAllText(LogFile, "{\"id\":\"to");
        log.Write([Example]);
        Assert.Equal(["{\"id\":\"to", JsonSerializer.Serialize(Example, WireJson.Default.Announcement)], File.ReadAllLines(LogFile));
    }

    [Fact]
    public void A_full_log_becomes_the_old_one()
    {
        using (var file = File.Create(LogFile)) file.SetLength(17 * 1024 * 1024);
        new AnnouncementLog(_folder).Write([Example]);
        Assert.Single(File.ReadAllLines(LogFile));
        Assert.Equal(17 * 1024 * 1024, new FileInfo(LogFile + ".1").Length);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private static Announcement Example { get; } =
        new("e#1", "e", "DiskFull", Severity.High, Some.Orders.Value, "h1", EpisodeState.Firing, Some.Noon, Some.Noon, 0.95, 0.9, "full", "stop accepting writes", true);

    private Announcement[] Announced() => File.Exists(LogFile)
        ? [.. File.ReadAllLines(LogFile).Select(l => JsonSerializer.Deserialize(l, WireJson.Default.Announcement)!)]
        : [];

    private IActorRef Start()
    {
        var settings = new MonitorSettings { Host = "h1", DataFolder = _folder, HoconFolder = "/" };
        var notifier = Sys.ActorOf(Produced.Props(() => new NotifierActor(settings, _status, _metrics, _time, NullLogger<NotifierActor>.Instance)));
        // A barrier: its timer is registered with the clock that the test turns.
        notifier.Tell(new Identify(null));
        ExpectMsg<ActorIdentity>();
        return notifier;
    }

    private void Second()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
    }
}

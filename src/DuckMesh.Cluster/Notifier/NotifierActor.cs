using System.Collections.Immutable;
using Akka.Actor;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Cells;
using DuckMesh.Model.Alerts;
using Microsoft.Extensions.Logging;

namespace DuckMesh.Cluster.Notifier;

/// <summary>
/// Announces transitions: a structured log line each, and the announcement log. It confirms a transition to its cell only after its own write, so a crash makes
/// repeats, never losses. That the journal is down it announces itself, because the journal can't.
/// </summary>
public sealed class NotifierActor(MonitorSettings settings, NodeStatus status, NodeMetrics metrics, TimeProvider time, ILogger<NotifierActor> log) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    private readonly AnnouncementLog _file = new(settings.DataFolder);
    private readonly Dictionary<string, string> _actions = settings.Rules.Rules.Concat(HostRules.BuiltIn.Rules).ToDictionary(r => r.Name, r => r.Action, StringComparer.Ordinal);
    private DateTimeOffset? _journalDown;
    private bool _fileFails;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("journal", NotifierProtocol.Watch.Instance, WatchEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NotifierProtocol.Announce m: OnAnnounce(m); break;
            case NotifierProtocol.Watch: WatchJournal(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnAnnounce(NotifierProtocol.Announce m)
    {
        Say(m.Items.Select(i => Of(i.Transition, recorded: !m.Unrecorded)).ToImmutableArray());
        if (!m.Unrecorded) Sender.Tell(new CellProtocol.Announced(m.Items[^1].No));
    }

    private Announcement Of(Transition t, bool recorded) => new(
        t.Id, t.Episode, t.Rule, t.Severity, t.Database.IsHost ? null : t.Database.Value, t.Database.Host, t.To, t.At, t.Since, t.Value, t.Threshold, t.Reason,
        _actions.GetValueOrDefault(t.Rule, ""), recorded);

    private void WatchJournal()
    {
        var since = status.Journal.DownSince;
        metrics.JournalUp.Set(since is null ? 1 : 0);
        metrics.Cells.Set(status.Cells);
        if (since is { } down && _journalDown is null && time.GetUtcNow() - down >= NodeRules.JournalDown.For)
        {
            _journalDown = down;
            Say([OfJournal(EpisodeState.Firing, 1, down, status.Journal.Error ?? "the journal can't be written")]);
        }
        else if (since is null && _journalDown is { } was)
        {
            _journalDown = null;
            Say([OfJournal(EpisodeState.Resolved, 2, was, "the journal can be written again")]);
        }
    }

    private Announcement OfJournal(EpisodeState state, int number, DateTimeOffset since, string reason)
    {
        var rule = NodeRules.JournalDown;
        var episode = $"{settings.Host}#{rule.Name}#{since.ToUnixTimeMilliseconds()}";
        return new($"{episode}#{number}", episode, rule.Name, rule.Severity, null, settings.Host, state, time.GetUtcNow(), since, null, rule.Threshold, reason, rule.Action, Recorded: false);
    }

    private void Say(ImmutableArray<Announcement> announcements)
    {
        foreach (var a in announcements)
        {
            metrics.Announcements.WithLabels(a.Recorded ? "yes" : "no").Inc();
            log.LogWarning(
                "alert {State} {Rule} {Severity} {Database}: {Reason}; the action would be: {Action}; id {Id}; {Recorded}",
                a.State, a.Rule, a.Severity, a.Database ?? a.Host, a.Reason, a.Action, a.Id, a.Recorded ? "recorded" : "unrecorded");
        }

        try
        {
            _file.Write(announcements);
            _fileFails = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            metrics.NotifierFailures.Inc(announcements.Length);
            if (!_fileFails) log.LogWarning("{File} can't be written, announcements go to the log only: {Reason}", AnnouncementLog.FileName, e.Message);
            _fileFails = true;
        }
    }
}

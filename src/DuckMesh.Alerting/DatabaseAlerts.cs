using System.Collections.Immutable;
using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting;

/// <summary>
/// Windows and episodes of one database. Pure: time comes in with each batch. What <see cref="Evaluate"/> returns is already applied here; if it could not be
/// stored, <see cref="Reconcile"/> sets the episodes back to what was, and the next evaluation proposes anew what is still true. Not thread-safe.
/// </summary>
/// <remarks>
/// Time is that of the batches. A batch that is no newer than the last is ignored; one that is older by more than <see cref="LateIntervals"/> means that the clock was
/// set back, and its time is taken. After a jump, back or ahead by more than <see cref="GapTolerance"/>, nobody knows what was meanwhile: a pending
/// episode begins anew, windows are refilled, a missing metric is missing from now on. A firing episode stays as it is until a value says otherwise.
/// </remarks>
public sealed class DatabaseAlerts
{
    /// <summary>A value missing for at most two intervals is only late, as an observation is (contract, <c>duckdb_up</c>); the half is for jitter.</summary>
    public const double LateIntervals = 2.5;

    /// <summary>
    /// The longest silence (a stopped node, a sleeping host) over which a pending episode's <c>for</c> clock goes on: Prometheus' default for the same question
    /// (<c>--rules.alert.for-outage-tolerance</c>).
    /// </summary>
    public static readonly TimeSpan GapTolerance = TimeSpan.FromHours(1);

    /// <summary>An open episode whose metric stays away for so long is closed: long enough to restart an application, too short to leave the dead on the screen.</summary>
    public static readonly TimeSpan NoDataLimit = TimeSpan.FromMinutes(15);

    private readonly ImmutableArray<Rule> _rules;
    private readonly DatabaseId _database;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _late;
    private readonly RuleState?[] _states;

    /// <summary>Stored open episodes that belong to no rule of ours; closed at the next evaluation.</summary>
    private ImmutableArray<Episode> _strays = [];

    private DateTimeOffset? _lastBatch;
    private ImmutableArray<Transition>.Builder? _transitions;
    private ImmutableArray<Episode> _open;
    private ImmutableArray<string> _noData = [];
    private ulong _noDataBits;

    /// <param name="interval">Between two batches: how long a missing value may be only late.</param>
    /// <param name="episodes">The open episodes as they were stored.</param>
    public DatabaseAlerts(RuleSet rules, DatabaseId database, TimeSpan interval, IEnumerable<Episode> episodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        _rules = rules.Rules;
        _database = database;
        _interval = interval;
        _late = interval * LateIntervals;
        _states = new RuleState?[_rules.Length];
        Reconcile(episodes);
    }

    /// <summary>The open episodes.</summary>
    public ImmutableArray<Episode> Open => _open.IsDefault ? _open = FindOpen() : _open;

    /// <summary>Rules that apply to this database and can't be judged because their metric is absent.</summary>
    public ImmutableArray<string> NoData => _noData;

    /// <summary>Takes these for the open episodes. Windows stay: what was seen was seen, whatever could be stored of it.</summary>
    public void Reconcile(IEnumerable<Episode> stored)
    {
        foreach (var state in _states)
        {
            if (state is not null) state.Episode = null;
        }

        var strays = ImmutableArray.CreateBuilder<Episode>();
        foreach (var episode in stored.Where(e => e.Open).OrderByDescending(e => e.Since))
        {
            var i = IndexOf(episode.Rule);
            if (i < 0 || _states[i]?.Episode is not null) strays.Add(episode);
            else (_states[i] ??= new RuleState(_lastBatch ?? default)).Episode = episode;
        }

        _strays = strays.ToImmutable();
        _open = default;
    }

    public ImmutableArray<Transition> Evaluate(Batch batch)
    {
        if (!Accept(batch.At)) return [];
        var noData = 0UL;
        CloseStrays(batch.At);
        for (var i = 0; i < _rules.Length; i++)
        {
            if (!Judge(i, batch)) noData |= 1UL << i;
        }

        if (noData != _noDataBits) NameNoData(noData);
        if (_transitions is null) return [];
        var transitions = _transitions.DrainToImmutable();
        _transitions = null;
        _open = default;
        return transitions;
    }

    private bool Accept(DateTimeOffset at)
    {
        if (_lastBatch is { } last && at <= last && last - at <= _late) return false;
        if (_lastBatch is not { } previous || at < previous || at - previous > GapTolerance)
        {
            foreach (var state in _states)
            {
                if (state is not null) state.JudgedAt = at;
            }
        }

        _lastBatch = at;
        return true;
    }

    /// <summary>False: the rule applies, and its metric is absent.</summary>
    private bool Judge(int i, Batch batch)
    {
        var rule = _rules[i];
        var state = _states[i];
        if (!rule.Enabled)
        {
            if (state?.Episode is not null) Move(rule, state, EpisodeState.Resolved, batch.At, double.NaN, "the rule was turned off");
            return true;
        }

        var window = state?.Window;
        var lost = batch.Database.State == DatabaseState.Lost;
        var verdict = lost ? Verdict.NotApplicable : rule.Condition.Judge(batch, rule.Threshold, _interval, ref window);
        if (state is null)
        {
            if (verdict.Outcome is Outcome.NoData or Outcome.NotApplicable) return verdict.Outcome != Outcome.NoData;
            _states[i] = state = new RuleState(batch.At);
        }

        state.Window = window;
        if (verdict.Outcome != Outcome.NoData) state.JudgedAt = batch.At;
        if (state.Episode is { State: EpisodeState.Pending } pending && Interrupted(rule, pending, batch.At))
            Move(rule, state, EpisodeState.Resolved, batch.At, double.NaN, "the watch was interrupted for too long, or the clock was set: what was meanwhile is not known");
        return Step(rule, state, verdict, batch);
    }

    /// <summary>It should have fired long ago, or began in the future.</summary>
    private static bool Interrupted(Rule rule, Episode pending, DateTimeOffset at) => at < pending.Since || at - pending.Since > rule.For + GapTolerance;

    private bool Step(Rule rule, RuleState state, Verdict verdict, Batch batch)
    {
        var at = batch.At;
        switch (verdict.Outcome)
        {
            case Outcome.Holds when state.Episode is null && rule.For > TimeSpan.Zero:
                Move(rule, state, EpisodeState.Pending, at, verdict.Value, rule.Condition.Explain(batch, verdict, rule.Threshold));
                return true;
            case Outcome.Holds when state.Episode is null or { State: EpisodeState.NoData }:
            case Outcome.Holds when state.Episode is { State: EpisodeState.Pending } && at - state.Episode.Since >= rule.For:
                Move(rule, state, EpisodeState.Firing, at, verdict.Value, WhyFiring(rule, verdict, batch));
                return true;
            case Outcome.HoldsNot when state.Episode is not null:
                Move(rule, state, EpisodeState.Resolved, at, verdict.Value, rule.Condition.Explain(batch, verdict, rule.Threshold));
                return true;
            case Outcome.NotApplicable when state.Episode is not null:
                Move(rule, state, EpisodeState.Resolved, at, double.NaN, WhyNotApplicable(batch));
                return true;
            case Outcome.NoData:
                return Miss(rule, state, at);
            default:
                return true;
        }
    }

    /// <summary>The metric is absent. True while it is only late.</summary>
    private bool Miss(Rule rule, RuleState state, DateTimeOffset at)
    {
        var missing = at - state.JudgedAt;
        if (missing <= _late) return state.Episode is not { State: EpisodeState.NoData };
        switch (state.Episode?.State)
        {
            case EpisodeState.Pending:
                Move(rule, state, EpisodeState.Resolved, at, double.NaN, $"{rule.Metric} is absent: whether the condition still holds can't be known");
                break;
            case EpisodeState.Firing:
                Move(rule, state, EpisodeState.NoData, at, double.NaN, $"{rule.Metric} is absent: whether the condition still holds can't be known");
                break;
            case EpisodeState.NoData when missing > _late + NoDataLimit:
                Move(rule, state, EpisodeState.Resolved, at, double.NaN,
                    $"{rule.Metric} has been absent for {NoDataLimit.TotalMinutes} minutes: the episode is closed without an answer");
                break;
        }

        return false;
    }

    private void CloseStrays(DateTimeOffset at)
    {
        foreach (var stray in _strays)
        {
            var reason = IndexOf(stray.Rule) < 0 ? "there is no such rule any more" : "a later episode of the rule is open";
            Add(new Transition(stray.Id, stray.Changes + 1, _database, stray.Rule, stray.Severity, EpisodeState.Resolved, at, stray.Since, null, stray.Threshold, reason));
        }

        _strays = [];
    }

    private void Move(Rule rule, RuleState state, EpisodeState to, DateTimeOffset at, double value, string reason)
    {
        var since = state.Episode?.Since ?? at;
        var transition = new Transition(
            state.Episode?.Id ?? Episode.IdOf(_database, rule.Name, since), (state.Episode?.Changes ?? 0) + 1, _database, rule.Name, rule.Severity, to, at, since,
            double.IsFinite(value) ? value : null, rule.Threshold, reason);
        var episode = Episode.Apply(state.Episode, transition);
        state.Episode = episode.Open ? episode : null;
        Add(transition);
    }

    private void Add(Transition transition) => (_transitions ??= ImmutableArray.CreateBuilder<Transition>()).Add(transition);

    private static string WhyFiring(Rule rule, Verdict verdict, Batch batch)
    {
        var why = rule.Condition.Explain(batch, verdict, rule.Threshold);
        return rule.ActionIsRemedy ? $"{why}; would be done if it were turned on: {rule.Action}" : why;
    }

    private static string WhyNotApplicable(Batch batch) => batch.Database switch
    {
        { State: DatabaseState.Lost } => "the database is gone and was not expected",
        _ when batch[MetricCatalog.Owned] == 0 => "no process holds the database any more",
        _ => "the database is not expected any more",
    };

    private int IndexOf(string rule)
    {
        for (var i = 0; i < _rules.Length; i++)
        {
            if (_rules[i].Name == rule) return i;
        }

        return -1;
    }

    private void NameNoData(ulong bits)
    {
        _noDataBits = bits;
        _noData = [.. _rules.Where((_, i) => (bits & (1UL << i)) != 0).Select(r => r.Name)];
    }

    private ImmutableArray<Episode> FindOpen() => [.. _states.Select(s => s?.Episode).OfType<Episode>()];
}

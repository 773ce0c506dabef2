using System.Collections.Immutable;
using System.Globalization;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Tests;

/// <summary>One database on a virtual clock: values are set, batches follow, transitions are kept and folded into episodes as the ledger folds them.</summary>
internal sealed class Story
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);
    private static readonly DatabaseId Id = new("box", null, "/data/app.duckdb");

    private readonly double[] _values = Batch.NoValues();
    private readonly Dictionary<string, Episode> _folded = [];

    public Story(RuleSet? rules = null, DateTimeOffset? start = null)
    {
        Rules = rules ?? RuleSet.BuiltIn;
        Now = start ?? Start;
        Database = new DatabaseDescription(Id, "app", DatabaseState.Up, Expected: true, Reason: null);
        Alerts = new DatabaseAlerts(Rules, Id, Interval, []);
    }

    public RuleSet Rules { get; set; }

    public DatabaseAlerts Alerts { get; private set; }

    public DatabaseDescription Database { get; set; }

    /// <summary>The time of the next batch.</summary>
    public DateTimeOffset Now { get; set; }

    public List<Transition> Transitions { get; } = [];

    /// <summary>All episodes, as the ledger would know them.</summary>
    public IReadOnlyDictionary<string, Episode> Folded => _folded;

    public IEnumerable<Episode> OpenFolded => _folded.Values.Where(e => e.Open);

    /// <summary>The transitions as <c>rule state seconds since the start</c>, to be compared with what a table expects.</summary>
    public string Told => string.Join(", ", Transitions.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Rule} {t.To} {(t.At - Start).TotalSeconds}")));

    /// <summary>The same without the rule's name.</summary>
    public string Walk => string.Join(", ", Transitions.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.To} {(t.At - Start).TotalSeconds}")));

    public Story Set(Series series, double value)
    {
        _values[series.Index] = value;
        return this;
    }

    public Story Absent(Series series) => Set(series, double.NaN);

    public ImmutableArray<Transition> Next(TimeSpan? step = null)
    {
        var batch = new Batch(Database, Now, [.. _values]);
        var transitions = Alerts.Evaluate(batch);
        Transitions.AddRange(transitions);
        foreach (var transition in transitions) _folded[transition.Episode] = Episode.Apply(_folded.GetValueOrDefault(transition.Episode), transition);
        Now += step ?? Interval;
        return transitions;
    }

    /// <summary>Batches until this time has gone by.</summary>
    public Story Pass(TimeSpan time)
    {
        for (var end = Now + time; Now < end;) Next();
        return this;
    }

    /// <summary>A new process that knows the stored episodes only.</summary>
    public Story Restart(TimeSpan? outage = null)
    {
        Now += outage ?? TimeSpan.Zero;
        Alerts = new DatabaseAlerts(Rules, Id, Interval, OpenFolded);
        return this;
    }

    /// <summary>One batch for each value; <c>-</c> is absent, <c>0.95*12</c> twelve times the same.</summary>
    public Story Play(Series series, string values)
    {
        foreach (var word in values.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split('*');
            Set(series, parts[0] == "-" ? double.NaN : double.Parse(parts[0], CultureInfo.InvariantCulture));
            for (var i = 0; i < (parts.Length == 1 ? 1 : int.Parse(parts[1], CultureInfo.InvariantCulture)); i++) Next();
        }

        return this;
    }
}

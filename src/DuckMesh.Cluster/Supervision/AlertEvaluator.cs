using System.Collections.Immutable;
using Akka.Actor;
using DuckMesh.Alerting;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Cluster.Supervision;

/// <summary>Feeds batches to the windows and episodes of one database, or of a host; proposes what they decide and shows the exporter what changed.</summary>
public sealed class AlertEvaluator : UntypedActor
{
    private readonly CellContext _context;
    private readonly DatabaseAlerts _alerts;
    private StoredDatabase _story;
    private ImmutableArray<string> _noData = [];

    public AlertEvaluator(StoredDatabase story, RuleSet rules, CellContext context)
    {
        _story = story;
        _context = context;
        _alerts = new DatabaseAlerts(rules, story.Id, context.Settings.Interval, story.Open);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SupervisorProtocol.Collected { Batch: var batch }:
                var transitions = _alerts.Evaluate(batch);
                foreach (var transition in transitions)
                {
                    _story = _story.With(transition);
                    Context.Parent.Tell(new SupervisorProtocol.Proposed(transition));
                }

                if (transitions.Length > 0 || !SameNoData()) Show();
                break;
            case SupervisorProtocol.Reconcile { Database: var stored }:
                _story = stored;
                _alerts.Reconcile(stored.Open);
                Show();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private bool SameNoData() => _alerts.NoData.AsSpan().SequenceEqual(_noData.AsSpan());

    private void Show()
    {
        _noData = _alerts.NoData;
        ImmutableArray<Episode> episodes = [.. _alerts.Open.Reverse(), .. _story.Resolved];
        _context.Exporter.Tell(new ExporterProtocol.AlertsChanged(_story.Id, episodes, _noData));
    }
}

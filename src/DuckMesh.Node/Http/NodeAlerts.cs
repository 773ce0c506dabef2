using DuckMesh.Alerting;
using DuckMesh.Cluster;
using DuckMesh.Model.Alerts;
using DuckMesh.Node.Http.Items;

namespace DuckMesh.Node.Http;

/// <summary>The open alerts of a node about itself, under the ids by which its notifier announces them.</summary>
internal static class NodeAlerts
{
    public static IEnumerable<AlertItem> Of(string host, NodeStatus status, DateTimeOffset now)
    {
        if (status.Journal.DownSince is not { } since) yield break;
        var rule = NodeRules.JournalDown;
        var fires = since + rule.For;
        var firing = now >= fires;
        yield return new AlertItem(rule, host, firing ? EpisodeState.Firing : EpisodeState.Pending, since, firing ? fires : null, status.JournalError ?? rule.Summary);
    }
}

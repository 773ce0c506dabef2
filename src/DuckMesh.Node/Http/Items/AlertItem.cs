using System.ComponentModel;
using System.Text.Json.Serialization;
using DuckMesh.Alerting;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Node.Http.Items;

/// <summary>One episode of a rule.</summary>
[Description("One run of a rule for one database or host.")]
public sealed record AlertItem
{
    /// <summary>As another node wrote it.</summary>
    [JsonConstructor]
    internal AlertItem()
    {
    }

    internal AlertItem(Episode episode, string database, RuleSet rules)
    {
        Id = episode.Id;
        Rule = episode.Rule;
        Severity = episode.Severity;
        Database = episode.Database.IsHost ? null : database;
        DatabaseId = episode.Database.IsHost ? null : episode.Database.Value;
        Host = episode.Database.Host;
        State = episode.State;
        Since = episode.Since.UtcDateTime;
        FiredAt = episode.FiredAt?.UtcDateTime;
        ChangedAt = episode.ChangedAt.UtcDateTime;
        Value = episode.Value is { } v && double.IsFinite(v) ? v : null;
        Threshold = episode.Threshold;
        Reason = episode.Reason;
        Action = (rules.Find(episode.Rule) ?? BuiltInRules.Find(episode.Rule))?.Action;
        AcknowledgedBy = episode.AcknowledgedBy;
    }

    /// <summary>An alert of the node about itself: no database has it.</summary>
    internal AlertItem(Rule rule, string host, EpisodeState state, DateTimeOffset since, DateTimeOffset? firedAt, string reason)
    {
        Id = $"{host}#{rule.Name}#{since.ToUnixTimeMilliseconds()}";
        Rule = rule.Name;
        Severity = rule.Severity;
        Host = host;
        State = state;
        Since = since.UtcDateTime;
        FiredAt = firedAt?.UtcDateTime;
        ChangedAt = (firedAt ?? since).UtcDateTime;
        Threshold = rule.Threshold;
        Reason = reason;
        Action = rule.Action;
    }

    [Description("The episode's id; it stays the same from pending to resolved, over restarts too.")]
    public string Id { get; init; } = "";

    public string Rule { get; init; } = "";

    public Severity Severity { get; init; }

    [Description("The database's name; null for an alert about a host or a node.")]
    public string? Database { get; init; }

    public string? DatabaseId { get; init; }

    public string Host { get; init; } = "";

    [Description("noData: the episode is open, and its metric became absent, so whether the condition still holds can't be known.")]
    public EpisodeState State { get; init; }

    [Description("When the condition began to hold.")]
    public DateTime Since { get; init; }

    [Description("When it had held for as long as the rule asks; null while it is pending.")]
    public DateTime? FiredAt { get; init; }

    [Description("When it came into its state.")]
    public DateTime ChangedAt { get; init; }

    [Description("The value at the last change of state.")]
    public double? Value { get; init; }

    public double Threshold { get; init; }

    public string Reason { get; init; } = "";

    [Description("What the rule would do besides telling. An action that changes something is off until an operator turns it on.")]
    public string? Action { get; init; }

    [Description("The rule's runbook in the documentation.")]
    public string Runbook => RuleItem.RunbookOf(Rule);

    public string? AcknowledgedBy { get; init; }
}

using System.ComponentModel;
using DuckMesh.History.Blocks;

namespace DuckMesh.Node.Http.History;

[Description("Something that happened to a database.")]
public sealed record EventItem
{
    internal EventItem(HistoryEvent happened)
    {
        Id = happened.Id;
        At = happened.At.UtcDateTime;
        Kind = Choice.Name(happened.Kind);
        Text = happened.Text;
        Episode = happened.Episode;
        Rule = happened.Rule;
        Severity = happened.Severity;
        State = happened.State;
        Value = happened.Value is { } value && double.IsFinite(value) ? value : null;
        Threshold = happened.Threshold;
    }

    public string Id { get; }

    public DateTime At { get; }

    [Description("discovered, forgotten, gone, back, owned, released or transition.")]
    public string Kind { get; }

    public string Text { get; }

    [Description("Of a transition: the episode's id.")]
    public string? Episode { get; }

    public string? Rule { get; }

    public string? Severity { get; }

    [Description("Of a transition: the state that the episode has now.")]
    public string? State { get; }

    public double? Value { get; }

    public double? Threshold { get; }
}

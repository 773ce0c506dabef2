using System.Collections.Immutable;
using System.Text;
using Akka.Actor;

namespace DuckMesh.Cluster.Gathering;

/// <summary>One question to several nodes: collects the parts of their answers, and replies when all are there or time is up.</summary>
/// <param name="nodes">Whom to ask.</param>
/// <param name="missing">Who is known not to answer.</param>
internal sealed class Gathering(GatherProtocol.Gather gather, ImmutableArray<(NodeName Node, ICanTell Responder)> nodes, ImmutableArray<NodeName> missing, IActorRef asker)
    : UntypedActor, IWithTimers
{
    private readonly Dictionary<int, StringBuilder> _open = [];
    private readonly List<NodeAnswer> _answers = [];
    private readonly List<NodeName> _missing = [.. missing];

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        for (var number = 0; number < nodes.Length; number++)
        {
            _open[number] = new StringBuilder();
            nodes[number].Responder.Tell(new GatherProtocol.Question(number, gather.About, gather.Query), Self);
        }

        Timers.StartSingleTimer("deadline", TimeIsUp.Instance, gather.Within);
        ReplyIfDone();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GatherProtocol.Part part when _open.TryGetValue(part.Number, out var text):
                text.Append(part.Text);
                if (!part.Last) break;
                _open.Remove(part.Number);
                _answers.Add(new NodeAnswer(nodes[part.Number].Node, text.ToString()));
                ReplyIfDone();
                break;
            case GatherProtocol.Unanswered unanswered when _open.Remove(unanswered.Number):
                _missing.Add(nodes[unanswered.Number].Node);
                ReplyIfDone();
                break;
            case TimeIsUp:
                _missing.AddRange(_open.Keys.Select(number => nodes[number].Node));
                _open.Clear();
                ReplyIfDone();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void ReplyIfDone()
    {
        if (_open.Count > 0) return;
        asker.Tell(new GatherProtocol.Gathered([.. _answers], [.. _missing.OrderBy(n => n.Host, StringComparer.Ordinal)]));
        Context.Stop(Self);
    }

    private sealed record TimeIsUp : INoSerializationVerificationNeeded
    {
        public static readonly TimeIsUp Instance = new();
    }
}

using Akka.Actor;
using Akka.Event;

namespace DuckMesh.Cluster.Gathering;

/// <summary>Answers what other nodes ask of this one. One a node, under the same name on each.</summary>
public sealed class ResponderActor(AnswerQuestion answer) : UntypedActor
{
    /// <summary>Its name under <c>/user</c>: part of what nodes know of each other.</summary>
    public const string Name = "responder";

    /// <summary>Characters of a part: far below the largest frame (256,000 bytes) also where each takes three bytes and is escaped.</summary>
    private const int PartLength = 32 * 1024;

    /// <summary>The largest page is about 1 MB; what is longer than this is no page.</summary>
    private const int MostLength = 8 * 1024 * 1024;

    /// <summary>Questions that are being answered at a time: as many as a handful of dashboards ask.</summary>
    private const int MostAtOnce = 32;

    /// <summary>Longer than any asker waits.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _open;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GatherProtocol.Question refused when _open >= MostAtOnce:
                Sender.Tell(new GatherProtocol.Unanswered(refused.Number, "the node answers too many questions already"));
                break;
            case GatherProtocol.Question question:
                _open++;
                var asker = Sender;
                AnswerAsync(question).PipeTo(Self, success: text => new Answered(asker, question.Number, text, null), failure: e => new Answered(asker, question.Number, "", e));
                break;
            case Answered answered:
                _open--;
                OnAnswered(answered);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private async Task<string> AnswerAsync(GatherProtocol.Question question)
    {
        using var deadline = new CancellationTokenSource(Within);
        return await answer(question.About, question.Query, deadline.Token);
    }

    private void OnAnswered(Answered answered)
    {
        if (answered.Error is { } error)
        {
            _log.Warning("a question of {Asker} is not answered: {Reason}", answered.Asker.Path.Address, error.Message);
            answered.Asker.Tell(new GatherProtocol.Unanswered(answered.Number, error.Message));
        }
        else if (answered.Text.Length > MostLength)
        {
            answered.Asker.Tell(new GatherProtocol.Unanswered(answered.Number, $"the answer is longer than {MostLength / 1024 / 1024} MB: ask for less"));
        }
        else
        {
            for (var at = 0; at == 0 || at < answered.Text.Length; at += PartLength)
            {
                var end = Math.Min(at + PartLength, answered.Text.Length);
                answered.Asker.Tell(new GatherProtocol.Part(answered.Number, answered.Text[at..end], Last: end == answered.Text.Length));
            }
        }
    }

    private sealed record Answered(IActorRef Asker, int Number, string Text, Exception? Error) : INoSerializationVerificationNeeded;
}

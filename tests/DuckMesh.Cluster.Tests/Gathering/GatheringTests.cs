using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DuckMesh.Cluster.Gathering;

namespace DuckMesh.Cluster.Tests.Gathering;

/// <summary>One question to nodes that answer, refuse, or say nothing.</summary>
public sealed class GatheringTests() : TestKit("""
    akka.loglevel = OFF
    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
    """)
{
    private static readonly NodeName A = new("127.0.0.1:1", "a");
    private static readonly NodeName B = new("127.0.0.1:2", "b");
    private static readonly NodeName C = new("127.0.0.1:3", "c");

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task Parts_of_several_nodes_are_put_together_however_they_interleave()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe());
        var gathering = Start([(A, a), (B, b)], []);
        var (ofA, ofB) = (await QuestionAsync(a), await QuestionAsync(b));
        gathering.Tell(new GatherProtocol.Part(ofA, "{\"n\":", Last: false));
        gathering.Tell(new GatherProtocol.Part(ofB, "{}", Last: true));
        gathering.Tell(new GatherProtocol.Part(ofA, "1}", Last: true));
        var gathered = await ExpectMsgAsync<GatherProtocol.Gathered>();
        Assert.Equal([new NodeAnswer(A, "{\"n\":1}"), new NodeAnswer(B, "{}")], gathered.Answers.OrderBy(n => n.Node.Host));
        Assert.Empty(gathered.Missing);
    }

    [Fact]
    public async Task Who_says_nothing_says_half_or_refuses_is_missing_and_nobody_waits_longer_than_asked()
    {
        var (a, b, c) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var gathering = Start([(A, a), (B, b), (C, c)], [new NodeName("127.0.0.1:4", "d")]);
        gathering.Tell(new GatherProtocol.Unanswered(await QuestionAsync(a), "busy"));
        gathering.Tell(new GatherProtocol.Part(await QuestionAsync(b), "half", Last: false));
        gathering.Tell(new GatherProtocol.Part(await QuestionAsync(c), "c", Last: true));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        var gathered = await ExpectMsgAsync<GatherProtocol.Gathered>();
        Assert.Equal(new NodeAnswer(C, "c"), Assert.Single(gathered.Answers));
        Assert.Equal(["a", "b", "d"], gathered.Missing.Select(n => n.Host));
    }

    [Fact]
    public async Task A_node_alone_is_answered_at_once()
    {
        Start([], []);
        Assert.Empty((await ExpectMsgAsync<GatherProtocol.Gathered>()).Answers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task A_responder_cuts_its_answer_into_parts_that_fit_a_frame(int length)
    {
        var text = new string('ü', length);
        var responder = Sys.ActorOf(Produced.Props(() => new ResponderActor((_, _, _) => Task.FromResult(text))));
        responder.Tell(new GatherProtocol.Question(3, "databases", "{}"));
        var parts = new List<GatherProtocol.Part>();
        do parts.Add(await ExpectMsgAsync<GatherProtocol.Part>());
        while (!parts[^1].Last);
        Assert.Equal(text, string.Concat(parts.Select(p => p.Text)));
        Assert.All(parts, p => Assert.True(p.Number == 3 && System.Text.Encoding.UTF8.GetByteCount(p.Text) < 128_000));
    }

    [Fact]
    public async Task A_question_that_fails_or_that_nobody_knows_is_told_so()
    {
        var responder = Sys.ActorOf(Produced.Props(() => new ResponderActor((about, _, _) => throw new NotSupportedException($"this node answers no questions about {about}"))));
        responder.Tell(new GatherProtocol.Question(1, "weather", "{}"));
        Assert.Contains("weather", (await ExpectMsgAsync<GatherProtocol.Unanswered>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_asked_too_much_refuses_and_answers_again_later()
    {
        var open = new TaskCompletionSource<string>();
        var responder = Sys.ActorOf(Produced.Props(() => new ResponderActor((_, _, _) => open.Task)));
        for (var i = 0; i < 33; i++) responder.Tell(new GatherProtocol.Question(i, "databases", "{}"));
        Assert.Equal(32, (await ExpectMsgAsync<GatherProtocol.Unanswered>()).Number);
        open.SetResult("x");
        for (var i = 0; i < 32; i++) await ExpectMsgAsync<GatherProtocol.Part>();
        responder.Tell(new GatherProtocol.Question(99, "databases", "{}"));
        Assert.Equal(99, (await ExpectMsgAsync<GatherProtocol.Part>()).Number);
    }

    private IActorRef Start(ImmutableArray<(NodeName Node, ICanTell Responder)> nodes, ImmutableArray<NodeName> missing)
    {
        var gather = new GatherProtocol.Gather("databases", "{}", TimeSpan.FromSeconds(2));
        return Sys.ActorOf(Produced.Props(() => new Cluster.Gathering.Gathering(gather, nodes, missing, TestActor)));
    }

    private static async Task<int> QuestionAsync(TestProbe node) => (await node.ExpectMsgAsync<GatherProtocol.Question>()).Number;
}

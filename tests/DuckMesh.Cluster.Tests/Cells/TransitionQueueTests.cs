using CsCheck;
using DuckMesh.Cluster.Cells;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Cluster.Tests.Cells;

public sealed class TransitionQueueTests
{
    [Fact]
    public void Numbers_go_on_from_the_stored_story()
    {
        var queue = new TransitionQueue(10);
        queue.Recovered(41);
        queue.Add(Some.Transition(1));
        Assert.Equal(42, Assert.Single(queue.Send(500)).No);
    }

    [Fact]
    public void What_a_failed_write_stored_all_the_same_is_not_written_again()
    {
        var queue = new TransitionQueue(10);
        queue.Recovered(0);
        for (var i = 1; i <= 3; i++) queue.Add(Some.Transition(i));
        queue.Send(2);
        queue.Recovered(lastNo: 1);
        Assert.Equal([2, 3], queue.Send(500).Select(t => t.No));
    }

    [Fact]
    public void A_full_queue_refuses_and_says_so_once_it_is_empty()
    {
        var queue = new TransitionQueue(1);
        queue.Recovered(0);
        Assert.True(queue.Add(Some.Transition(1)));
        Assert.False(queue.Add(Some.Transition(2)));
        Assert.False(queue.TakeOverflow());
        queue.Send(500);
        queue.Stored();
        Assert.True(queue.TakeOverflow());
        Assert.False(queue.TakeOverflow());
    }

    /// <summary>A journal that fails before or after it has stored, at any time: each accepted transition is in it once, in order.</summary>
    [Fact]
    public void Whatever_the_journal_does_each_transition_is_stored_once_and_in_order()
    {
        Gen.Int[0, 4].Array[1, 200].Sample(steps =>
        {
            var queue = new TransitionQueue(50);
            queue.Recovered(0);
            var journal = new List<long>();
            var accepted = new List<Transition>();
            var stored = new List<Transition>();
            var n = 0;
            foreach (var step in steps)
            {
                if (step <= 1)
                {
                    var t = Some.Transition(++n);
                    if (queue.Add(t)) accepted.Add(t);
                    continue;
                }

                var sent = queue.Send(3);
                if (step != 4)
                {
                    journal.AddRange(sent.Select(t => t.No));
                    stored.AddRange(sent.Select(t => t.Transition));
                }

                if (step == 2) queue.Stored();
                else queue.Recovered(journal.Count == 0 ? 0 : journal[^1]);
            }

            while (queue.HasWaiting)
            {
                stored.AddRange(queue.Send(500).Select(t => t.Transition));
                queue.Stored();
            }

            return stored.SequenceEqual(accepted) && journal.Distinct().Count() == journal.Count;
        });
    }
}

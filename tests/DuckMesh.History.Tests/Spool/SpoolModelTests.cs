using CsCheck;
using DuckMesh.History.Spool;

namespace DuckMesh.History.Tests.Spool;

/// <summary>Any order of calls and restarts, against a plain queue.</summary>
public sealed class SpoolModelTests
{
    private enum Step
    {
        Append,
        Deliver,
        Refuse,
        Look,
        Restart,
    }

    [Fact]
    public void The_spool_is_a_queue_that_survives_restarts() =>
        Gen.OneOfConst(Step.Append, Step.Append, Step.Deliver, Step.Refuse, Step.Look, Step.Restart).Array[0, 80].Sample(steps =>
        {
            using var folder = new TestFolder();
            var spool = Open(folder);
            var model = new Queue<int>();
            var (appended, stored, refused) = (0, 0L, 0L);
            try
            {
                foreach (var step in steps)
                {
                    switch (step)
                    {
                        case Step.Append:
                            spool.Append(Blocks.Of(++appended), Blocks.MadeAt(appended));
                            model.Enqueue(appended);
                            break;
                        case Step.Restart:
                            spool.Dispose();
                            spool = Open(folder);
                            break;
                        default:
                            var next = spool.Next();
                            if (next is null ? model.Count > 0 : !model.TryPeek(out var expected) || expected != Blocks.NumberOf(next.Block)) return false;
                            if (next is null || step == Step.Look) break;
                            if (step == Step.Deliver) spool.Delivered(next);
                            else spool.Refused(next);
                            if (step == Step.Deliver) stored += next.Block.Rows;
                            else refused += next.Block.Rows;
                            model.Dequeue();
                            break;
                    }

                    var state = spool.State;
                    if (state.Blocks != model.Count || state.Rows != model.Sum(n => Blocks.Of(n).Rows) || state.Stored != stored || state.SetAside != refused || state.Dropped != 0) return false;
                    if (state.Oldest != (model.TryPeek(out var oldest) ? Blocks.MadeAt(oldest) : null)) return false;
                }

                return true;
            }
            finally
            {
                spool.Dispose();
            }
        }, iter: 100);

    private static DiskSpool Open(TestFolder folder) => DiskSpool.Open(folder["spool"], new SpoolLimits(1_000_000, 400));
}

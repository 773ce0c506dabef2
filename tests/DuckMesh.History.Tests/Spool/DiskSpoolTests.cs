using DuckMesh.History.Spool;

namespace DuckMesh.History.Tests.Spool;

public sealed class DiskSpoolTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Blocks_come_out_in_order_each_once_also_after_a_restart()
    {
        using (var spool = Open())
        {
            Append(spool, 1, 2, 3);
            Assert.Equal([1], Deliver(spool, 1));
        }

        using (var spool = Open())
        {
            Append(spool, 4);
            Assert.Equal([2, 3, 4], Deliver(spool));
            Assert.Null(spool.Next());
        }

        using (var spool = Open()) Assert.Null(spool.Next());
    }

    [Fact]
    public void The_next_block_stays_the_next_until_it_is_delivered()
    {
        using var spool = Open();
        Append(spool, 1, 2);
        Assert.Equal(1, Blocks.NumberOf(spool.Next()!.Block));
        var next = spool.Next()!;
        Assert.Equal(1, Blocks.NumberOf(next.Block));
        Assert.Equal(Blocks.MadeAt(1), next.At);
        spool.Delivered(next);
        Assert.Equal(2, Blocks.NumberOf(spool.Next()!.Block));
    }

    [Fact]
    public void It_says_what_it_holds_and_what_became_of_all_rows_over_restarts()
    {
        using (var spool = Open())
        {
            Append(spool, 4, 5, 6);   // 5, 1 and 2 rows
            Deliver(spool, 1);
            spool.Refused(spool.Next()!);
            Assert.Equal((1, 2, 5, 0, 1), Counts(spool.State));
            Assert.Equal(Blocks.MadeAt(6), spool.State.Oldest);
        }

        using (var spool = Open())
        {
            Assert.Equal((1, 2, 5, 0, 1), Counts(spool.State));
            Assert.Equal(Blocks.MadeAt(6), spool.State.Oldest);
            Deliver(spool);
            Assert.Equal((0, 0, 7, 0, 1), Counts(spool.State));
            Assert.Null(spool.State.Oldest);
        }
    }

    [Fact]
    public void What_is_delivered_leaves_the_disk()
    {
        using var spool = Open();
        for (var number = 1; number <= 100; number++) Append(spool, number);
        Assert.True(Segments().Length > 5, "too few segments for this test to say anything");
        Deliver(spool);
        Assert.InRange(Segments().Length, 0, 1);
        Assert.InRange(spool.State.Bytes, 0, SmallSegment);
    }

    [Fact]
    public void Beyond_its_bound_the_oldest_segment_is_dropped_and_its_rows_counted()
    {
        using var spool = Open(maxBytes: 8 * SmallSegment);
        var accepted = 0;
        for (var number = 1; number <= 200; number++)
        {
            Append(spool, number);
            accepted += Blocks.Of(number).Rows;
            Assert.InRange(Segments().Sum(file => new FileInfo(file).Length), 0, 8 * SmallSegment);
        }

        var state = spool.State;
        Assert.True(state.Dropped > 0);
        Assert.Equal(accepted, state.Rows + state.Dropped);
        var left = Deliver(spool);
        Assert.Equal(Enumerable.Range(200 - left.Count + 1, left.Count), left);
        Assert.Equal(accepted, spool.State.Stored + spool.State.Dropped);
    }

    [Fact]
    public void A_block_on_its_way_to_the_store_is_not_counted_as_dropped_with_its_segment()
    {
        using var spool = Open(maxBytes: 4 * SmallSegment);
        Append(spool, 1);
        var taken = spool.Next()!;
        var accepted = Blocks.Of(1).Rows;
        for (var number = 2; spool.State.Dropped == 0; number++)
        {
            Append(spool, number);
            accepted += Blocks.Of(number).Rows;
        }

        spool.Delivered(taken);
        Assert.Equal(accepted, spool.State.Stored + spool.State.Dropped + spool.State.Rows);
        Deliver(spool);
        Assert.Equal(accepted, spool.State.Stored + spool.State.Dropped);
    }

    [Fact]
    public void A_block_that_the_store_refuses_is_kept_for_people_and_the_next_one_comes()
    {
        using var spool = Open();
        Append(spool, 1, 2);
        spool.Refused(spool.Next()!);
        Assert.Equal([2], Deliver(spool));
        var kept = Assert.Single(Directory.GetFiles(_folder[$"spool/{DiskSpool.PoisonFolder}"]));
        Assert.True(Blocks.Same(Blocks.Of(1), BlockCodec.Decode(File.ReadAllBytes(kept))));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_said_in_one_line()
    {
        File.WriteAllText(_folder["spool"], "");
        var error = Assert.Throws<IOException>(() => Open());
        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_folder_that_vanished_costs_the_block_and_not_the_spool()
    {
        using var spool = Open();
        while (Segments().Length < 2) Append(spool, 1);
        Directory.Move(_folder["spool"], _folder["away"]);
        File.WriteAllText(_folder["spool"], "");
        Assert.ThrowsAny<IOException>(() =>
        {
            for (var i = 0; i < 100; i++) Append(spool, 2);   // within the open segment it does not notice
        });
        File.Delete(_folder["spool"]);
        Directory.Move(_folder["away"], _folder["spool"]);
        Append(spool, 3);
        Assert.Equal(3, Deliver(spool)[^1]);
    }

    [Fact]
    public void A_block_larger_than_a_segment_is_kept_as_well()
    {
        using var spool = Open();
        var key = Blocks.Of(1).Samples[0].Series;
        var large = new DuckMesh.History.Blocks.HistoryBlock("w-7", [.. Enumerable.Range(0, 3000).Select(i => new DuckMesh.History.Blocks.Sample(key, i, i / 3.0))], []);
        spool.Append(large, Blocks.MadeAt(7));
        Append(spool, 8);
        Assert.Equal([7, 8], Deliver(spool));
    }

    private const long SmallSegment = 600;

    private static (int Blocks, long Rows, long Stored, long Dropped, long SetAside) Counts(SpoolState state) => (state.Blocks, state.Rows, state.Stored, state.Dropped, state.SetAside);

    private static void Append(DiskSpool spool, params int[] numbers)
    {
        foreach (var number in numbers) spool.Append(Blocks.Of(number), Blocks.MadeAt(number));
    }

    /// <summary>Takes out up to so many blocks.</summary>
    private static List<int> Deliver(DiskSpool spool, int most = int.MaxValue)
    {
        var numbers = new List<int>();
        while (numbers.Count < most && spool.Next() is { } entry)
        {
            Assert.True(Blocks.Same(Blocks.Of(Blocks.NumberOf(entry.Block)), entry.Block) || entry.Block.Rows > 5);
            numbers.Add(Blocks.NumberOf(entry.Block));
            spool.Delivered(entry);
        }

        return numbers;
    }

    private DiskSpool Open(long maxBytes = 1_000_000) => DiskSpool.Open(_folder["spool"], new SpoolLimits(maxBytes, SmallSegment));

    private string[] Segments() => Directory.GetFiles(_folder["spool"], "*.segment");
}

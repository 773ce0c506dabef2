using CsCheck;
using DuckMesh.History.Spool;

namespace DuckMesh.History.Tests.Spool;

/// <summary>What a crash or a bad disk leaves of a spool: the rest is delivered, in order, and the loss is counted.</summary>
public sealed class DamagedSpoolTests : IDisposable
{
    private const int Written = 12;
    private const long SmallSegment = 300;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Wherever_the_last_record_was_cut_off_all_others_are_there_and_it_goes_on()
    {
        var segment = Write(segmentBytes: 1_000_000).Single();
        var whole = File.ReadAllBytes(segment);
        var start = StartOfLast(whole);
        for (var length = start; length < whole.Length; length++)
        {
            File.WriteAllBytes(segment, whole[..length]);
            File.Delete(_folder["spool/position"]);
            using (var spool = Open())
            {
                Assert.Equal(0, spool.State.DamagedSegments);
                spool.Append(Blocks.Of(50), Blocks.MadeAt(50));
                Assert.Equal([.. Enumerable.Range(1, Written - 1), 50], Read(spool));
            }

            foreach (var left in Segments()) File.Delete(left);
        }
    }

    [Fact]
    public void A_last_record_of_which_only_the_room_was_written_is_cut_off()
    {
        var segment = Write(segmentBytes: 1_000_000).Single();
        var bytes = File.ReadAllBytes(segment);
        Array.Clear(bytes, StartOfLast(bytes) + 28, bytes.Length - StartOfLast(bytes) - 28);   // the header is there, its block is zeros
        File.WriteAllBytes(segment, bytes);
        using var spool = Open();
        Assert.Equal(Enumerable.Range(1, Written - 1), Read(spool));
        Assert.Equal(0, spool.State.SetAside);
    }

    [Fact]
    public void A_segment_that_was_just_being_made_is_no_loss()
    {
        Write();
        var before = Segments().Length;
        File.WriteAllBytes(_folder[$"spool/{99:D10}.segment"], [.. "DMSPO"u8]);
        using var spool = Open();
        Assert.Equal(Enumerable.Range(1, Written), Read(spool));
        Assert.Equal(0, spool.State.DamagedSegments);
        Assert.True(before > 2);
    }

    [Fact]
    public void A_block_whose_bytes_are_damaged_is_set_aside_and_those_around_it_are_delivered()
    {
        var segments = Write(segmentBytes: 1_000_000);
        var bytes = File.ReadAllBytes(segments[0]);
        bytes[24 + 28 + 10] ^= 0x40;   // in the first block
        File.WriteAllBytes(segments[0], bytes);
        using var spool = Open();
        Assert.Equal(Enumerable.Range(2, Written - 1), Read(spool));
        Assert.Equal(Blocks.Of(1).Rows, spool.State.SetAside);
        Assert.Equal(AcceptedRows, spool.State.Stored + spool.State.SetAside);
        Assert.Single(Directory.GetFiles(_folder[$"spool/{DiskSpool.DamagedFolder}"]));
    }

    [Fact]
    public void A_segment_whose_header_is_damaged_is_set_aside_and_the_others_are_delivered()
    {
        var segments = Write();
        var bytes = File.ReadAllBytes(segments[1]);
        bytes[3] ^= 1;
        File.WriteAllBytes(segments[1], bytes);
        using var spool = Open();
        var read = Read(spool);
        Assert.Equal(read.Order(), read);
        Assert.Contains(1, read);
        Assert.Contains(Written, read);
        Assert.InRange(read.Count, 2, Written - 1);
        Assert.Equal(1, spool.State.DamagedSegments);
        Assert.Equal(Path.GetFileName(segments[1]), Path.GetFileName(Assert.Single(Directory.GetFiles(_folder[$"spool/{DiskSpool.DamagedFolder}"]))));
    }

    [Fact]
    public void A_record_header_damaged_while_the_spool_is_open_costs_the_rest_of_its_segment_whose_rows_are_counted()
    {
        using var spool = Open(SmallSegment);
        Fill(spool);
        var segment = Segments()[0];
        using (var file = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 24 + 5;
            file.WriteByte(0xff);
        }

        var read = Read(spool);
        Assert.Equal(Written, read[^1]);
        Assert.Equal(AcceptedRows, spool.State.Stored + spool.State.SetAside);
        Assert.True(spool.State.SetAside > 0);
        Assert.Equal(1, spool.State.DamagedSegments);
    }

    [Fact]
    public void Wherever_bytes_are_changed_what_is_delivered_is_whole_and_in_order() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte[1, 255]).Sample((which, where, change) =>
        {
            using var folder = new TestFolder();
            using (var spool = DiskSpool.Open(folder["spool"], new SpoolLimits(1_000_000, SmallSegment))) Fill(spool);
            var files = Directory.GetFiles(folder["spool"]).Order().ToArray();
            var file = files[(int)(which * (files.Length - 1))];
            var bytes = File.ReadAllBytes(file);
            bytes[(int)(where * (bytes.Length - 1))] ^= change;
            File.WriteAllBytes(file, bytes);
            using var again = DiskSpool.Open(folder["spool"], new SpoolLimits(1_000_000, SmallSegment));
            var read = Read(again);
            return read.Order().Distinct().SequenceEqual(read) && read.Count + ((again.State.DamagedSegments + 1) * 12) >= Written;
        }, iter: 100);

    [Fact]
    public void A_position_that_is_torn_or_lost_costs_nothing_but_a_repeat()
    {
        Write();
        using (var spool = Open())
        {
            for (var i = 0; i < 3; i++) spool.Delivered(spool.Next()!);
        }

        var position = _folder["spool/position"];
        var whole = File.ReadAllBytes(position);
        foreach (var slot in new[] { 0, 512 })
        {
            var torn = whole.ToArray();
            Array.Fill(torn, (byte)7, slot, 200);
            File.WriteAllBytes(position, torn);
            Assert.Contains(First(), new[] { 3, 4 });
        }

        File.WriteAllBytes(position, []);
        Assert.InRange(First(), 1, 4);
        File.WriteAllBytes(position, new byte[1024]);
        using var again = Open();
        Assert.Equal(Enumerable.Range(First(again), Written - First(again) + 1), Read(again));
    }

    [Fact]
    public void What_is_set_aside_is_bounded()
    {
        using var spool = Open();
        for (var number = 1; number <= 1100; number++)
        {
            spool.Append(Blocks.Of(number), Blocks.MadeAt(number));
            spool.Refused(spool.Next()!);
        }

        Assert.InRange(Directory.GetFiles(_folder[$"spool/{DiskSpool.PoisonFolder}"]).Length, 1, 1000);
    }

    private static int AcceptedRows => Enumerable.Range(1, Written).Sum(number => Blocks.Of(number).Rows);

    private static void Fill(DiskSpool spool)
    {
        for (var number = 1; number <= Written; number++) spool.Append(Blocks.Of(number), Blocks.MadeAt(number));
    }

    private static List<int> Read(DiskSpool spool)
    {
        var numbers = new List<int>();
        while (spool.Next() is { } entry)
        {
            numbers.Add(Blocks.NumberOf(entry.Block));
            Assert.True(Blocks.Same(Blocks.Of(numbers[^1]), entry.Block));
            spool.Delivered(entry);
        }

        return numbers;
    }

    private static int First(DiskSpool spool) => Blocks.NumberOf(spool.Next()!.Block);

    /// <summary>Record headers are 28 bytes, the length is the second number.</summary>
    private static int StartOfLast(byte[] segment)
    {
        for (var at = 24; ;)
        {
            var next = at + 28 + BitConverter.ToInt32(segment, at + 4);
            if (next >= segment.Length) return at;
            at = next;
        }
    }

    private int First()
    {
        using var spool = Open();
        return First(spool);
    }

    private string[] Write(long segmentBytes = SmallSegment)
    {
        using var spool = Open(segmentBytes);
        Fill(spool);
        return Segments();
    }

    private DiskSpool Open(long segmentBytes = SmallSegment) => DiskSpool.Open(_folder["spool"], new SpoolLimits(1_000_000, segmentBytes));

    private string[] Segments() => [.. Directory.GetFiles(_folder["spool"], "*.segment").Order()];
}

using System.Buffers.Binary;
using CsCheck;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

public sealed class WalScanTests
{
    /// <summary>Scans as a reader does: from where it stands, never more than a window.</summary>
    private static WalScan Scan(ReadOnlySpan<byte> log, int window = int.MaxValue)
    {
        var scan = new WalScan();
        for (var steps = 0; scan.Offset < log.Length; steps++)
        {
            Assert.True(steps <= log.Length, "the scan does not get on");
            var rest = log[(int)scan.Offset..];
            if (scan.Consume(rest[..Math.Min(window, rest.Length)], rest.Length) == 0) break;
        }

        return scan;
    }

    [Fact]
    public void Flushes_are_commits()
    {
        var log = new LogBytes().Commit().Commit(size: 1000).Commit().ToArray();
        var scan = Scan(log);
        Assert.Equal((3, log.Length, WalScanState.InFrames, true), (scan.Commits, scan.Offset, scan.State, scan.AtCommit));
    }

    [Fact]
    public void The_flush_of_a_checkpoint_marker_is_no_commit()
    {
        var scan = Scan(new LogBytes().Commit().Marker((5UL << 56) | 77).Commit().ToArray());
        Assert.Equal((2, (5UL << 56) | 77), (scan.Commits, scan.CheckpointRoot));
    }

    [Fact]
    public void A_marker_that_its_frame_cuts_off_is_not_read_on_in_the_next_frame()
    {
        // The frame ends within the pointer's fields, and what follows would complete them.
        var log = new LogBytes().Frame(99, 101, 0).ToArray();
        byte[] rest = [100, 0, 3, 0xff, 0xff];
        BinaryPrimitives.WriteUInt64LittleEndian(log.AsSpan(8), 5);
        BinaryPrimitives.WriteUInt64LittleEndian(log.AsSpan(16), Checksum.Of(log.AsSpan(24, 5)));
        Assert.Equal(DatabaseHeader.NoBlock, Scan([.. log.AsSpan(0, 29), .. rest, .. new byte[100]]).CheckpointRoot);
    }

    [Fact]
    public void The_first_record_may_have_an_identifier_that_looks_like_its_end()
    {
        byte[] first = [100, 0, 98, 101, 0, 2, 102, 0, 16, .. Enumerable.Repeat<byte[]>([0xff, 1], 16).SelectMany(b => b), 103, 0, 0xff, 0x7f, 0xff, 0xff];
        Assert.Equal(1, Scan(new LogBytes(first).Commit().ToArray()).Commits);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(4)]
    public void Another_version_is_opaque(byte version)
    {
        var scan = Scan(new LogBytes([100, 0, 98, 101, 0, version, 0xff, 0xff]).Commit().ToArray());
        Assert.Equal((WalScanState.Opaque, 0), (scan.State, scan.Offset));
    }

    [Fact]
    public void An_incomplete_tail_is_left_for_the_next_look()
    {
        var log = new LogBytes().Commit().Commit().ToArray();
        for (var length = 0; length < log.Length; length++)
        {
            var scan = Scan(log.AsSpan(0, length));
            Assert.NotEqual(WalScanState.Damaged, scan.State);
            scan.Consume(log.AsSpan((int)scan.Offset), log.Length - (int)scan.Offset);
            Assert.Equal((2, log.Length), (scan.Commits, scan.Offset));
        }
    }

    [Fact]
    public void A_flipped_byte_in_a_frame_is_damage_and_what_was_committed_before_it_stays()
    {
        var log = new LogBytes().Commit();
        var good = log.Length;
        var bytes = log.Commit().ToArray();
        bytes[good + 20] ^= 1;
        var scan = Scan(bytes);
        Assert.Equal(WalScanState.Damaged, scan.State);
        scan.Rewind();
        Assert.Equal((1, good, true), (scan.Commits, scan.Offset, scan.AtCommit));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(4UL)]
    [InlineData(1UL << 62)]
    [InlineData(ulong.MaxValue)]
    public void A_frame_of_an_impossible_size_is_damage(ulong size)
    {
        var log = new LogBytes().Commit().ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(log.AsSpan(8), size);
        Assert.Equal(WalScanState.Damaged, Scan(log).State);
    }

    [Fact]
    public void Garbage_is_no_log() => Assert.Equal(WalScanState.Damaged, Scan("not a log at all"u8).State);

    /// <summary>Logs with bytes flipped, cut out, repeated and moved; in half of them the checksums are put right afterwards.</summary>
    [Fact]
    public void A_hundred_thousand_mutated_logs_end_in_the_same_state_whatever_the_windows()
    {
        byte[] first = [100, 0, 98, 101, 0, 2, 102, 0, 16, .. Enumerable.Range(0, 16).Select(i => (byte)i), 103, 0, 3, 0xff, 0xff];
        var bases = new[]
        {
            new LogBytes().Commit().Commit(7, 300).Marker(3).Commit().ToArray(),
            new LogBytes(first).Commit(1, 600).Frame(1, 101, 0, 9).Frame(25).Commit().ToArray(),
        };
        var ends = new int[4];
        var edit = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 900], Gen.Int[0, 40], Gen.Byte);
        Gen.Select(Gen.Int[0, 1], edit.Array[0, 3], Gen.Bool, Gen.Int[WalScan.SmallestWindow, 1000]).Sample(
            (which, edits, seal, window) =>
            {
                var log = Mutate(bases[which], edits, seal);
                var scan = Scan(log, window);
                var whole = Scan(log);
                Interlocked.Increment(ref ends[(int)scan.State]);
                Assert.Equal((whole.State, whole.Commits, whole.CheckpointRoot), (scan.State, scan.Commits, scan.CheckpointRoot));
                Assert.InRange(scan.Offset, 0, log.Length);
                Assert.InRange(scan.Commits, 0, log.Length / 21);
                scan.Rewind();
                Assert.InRange(scan.Offset, 0, whole.Offset);
            },
            iter: 100_000);
        Assert.True(ends.Sum() >= 100_000);
        Assert.All(ends, count => Assert.True(count > 100));
    }

    [Fact]
    public void Random_bytes_are_scanned_to_a_state() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.True(Scan([.. LogBytes.Plain, .. bytes]).State is WalScanState.InFrames or WalScanState.Damaged), iter: 100_000);

    private static byte[] Mutate(byte[] log, (int Kind, int At, int Length, byte Value)[] edits, bool seal)
    {
        var bytes = log.ToList();
        foreach (var (kind, position, length, value) in edits)
        {
            if (bytes.Count == 0) break;
            var at = position % bytes.Count;
            var size = Math.Min(length, bytes.Count - at);
            if (kind == 0) bytes[at] = value;
            else if (kind == 1) bytes.RemoveRange(at, size);
            else if (kind == 2) bytes.InsertRange(value % bytes.Count, bytes.GetRange(at, size));
            else bytes.RemoveRange(at, bytes.Count - at);
        }

        var mutated = bytes.ToArray();
        if (seal) Seal(mutated);
        return mutated;
    }

    private static void Seal(byte[] log)
    {
        for (var at = log.Length > 6 && log[6] == 0xff ? 8 : 30; at + 16 <= log.Length;)
        {
            var size = BinaryPrimitives.ReadUInt64LittleEndian(log.AsSpan(at));
            if (size > (ulong)(log.Length - at - 16)) return;
            BinaryPrimitives.WriteUInt64LittleEndian(log.AsSpan(at + 8), Checksum.Of(log.AsSpan(at + 16, (int)size)));
            at += 16 + (int)size;
        }
    }
}

using CsCheck;
using DuckMesh.History.Blocks;
using DuckMesh.History.Spool;

namespace DuckMesh.History.Tests.Spool;

public sealed class BlockCodecTests
{
    private const string Version1 =
        "011006613162322D37096475636B64625F7570066F7264657273026831000D6475636B64625F626C6F636B730C73746174653D2275736564222E6831"
        + "3A2F7372762F6F72646572732E6475636B646223646973636F766572656423313738303030303030303030301568313A2F7372762F6F72646572732E"
        + "6475636B646205666F756E642E68313A2F7372762F6F72646572732E6475636B6462234469736B46756C6C233137383030303030303030303023320C"
        + "39352025206F6620393020252C68313A2F7372762F6F72646572732E6475636B6462234469736B46756C6C2331373830303030303030303030084469"
        + "736B46756C6C046869676806666972696E670102020304053C06030407B40106018094C5A10D0201008080200C0A0100060D0A010200000000000000"
        + "E03F0200808089F4CE88A5DF11080903040A00000000000006B0EA8AF4CE88A5DF110B0903040C0D0E0F1001666666666666EE3F01CDCCCCCCCCCCEC"
        + "3F";

    [Fact]
    public void Any_block_reads_back_as_it_was() =>
        Blocks.Any.Sample(block => Blocks.Same(block, BlockCodec.Decode(BlockCodec.Encode(block))));

    [Fact]
    public void The_samples_of_a_series_share_its_key()
    {
        var read = BlockCodec.Decode(BlockCodec.Encode(Blocks.Of(4)));
        Assert.Equal(5, read.Samples.Count);
        Assert.All(read.Samples, sample => Assert.Same(read.Samples[0].Series, sample.Series));
    }

    [Fact]
    public void Cut_bytes_are_refused_in_one_line() =>
        Gen.Select(Blocks.Any, Gen.Double[0, 0.999]).Sample((block, share) =>
        {
            var bytes = BlockCodec.Encode(block);
            IsRefused(bytes.AsSpan(0, (int)(bytes.Length * share)));
        });

    [Fact]
    public void Changed_bytes_give_a_block_or_one_clear_error_and_never_take_much_memory() =>
        Gen.Select(Blocks.Any, Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 8]).Sample((block, changes) =>
        {
            var bytes = BlockCodec.Encode(block);
            foreach (var (place, value) in changes) bytes[(int)(place * (bytes.Length - 1))] = value;
            IsHarmless(bytes);
        });

    [Fact]
    public void Any_bytes_give_a_block_or_one_clear_error_and_never_take_much_memory() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            IsHarmless(bytes);
            IsHarmless([BlockCodec.Version, .. bytes]);
        });

    [Fact]
    public void A_block_of_a_newer_version_is_refused_and_says_so()
    {
        var bytes = BlockCodec.Encode(Blocks.Of(1));
        bytes[0] = BlockCodec.Version + 1;
        Assert.Contains("newer DuckMesh", Assert.Throws<InvalidDataException>(() => BlockCodec.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_version_1_wrote_is_still_read() =>   // a spool outlives an update of DuckMesh
        Assert.True(Blocks.Same(Golden, BlockCodec.Decode(Convert.FromHexString(Version1))));

    [Fact]
    public void Version_1_is_written_as_ever() => Assert.Equal(Version1, Convert.ToHexString(BlockCodec.Encode(Golden)));

    [Fact]
    public void A_sample_of_a_fleet_takes_less_than_five_bytes()
    {
        // 100 databases each 5 s: sizes that grow, ratios that move, what hardly ever changes.
        var random = new Random(1);
        var keys = Enumerable.Range(0, 100).SelectMany(d => Enumerable.Range(0, 12).Select(m => new SeriesKey($"duckdb_metric_{m}", $"database_{d}", "h1", "", 30))).ToArray();
        var samples = from instant in Enumerable.Range(0, 17)
                      from key in Enumerable.Range(0, keys.Length)
                      let value = (key % 12) switch { 0 or 1 => random.NextDouble(), 2 or 3 => 262_144L * (key + instant), 4 => random.Next(1000), _ => key }
                      select new Sample(keys[key], 1_780_000_000 + (instant * 5), value);
        var block = new HistoryBlock("b", [.. samples], []);
        Assert.InRange((double)BlockCodec.Encode(block).Length / block.Rows, 1, 5);
    }

    private static HistoryBlock Golden { get; } = Example();

    private static HistoryBlock Example()
    {
        var up = new SeriesKey("duckdb_up", "orders", "h1", "", 30);
        var blocks = new SeriesKey("duckdb_blocks", "orders", "h1", "state=\"used\"", 90);
        return new HistoryBlock(
            "a1b2-7",
            [new(up, 1_780_000_000, 1), new(blocks, 1_780_000_000, 262_144), new(up, 1_780_000_005, 1), new(blocks, 1_780_000_005, 262_147), new(up, 1_780_000_010, 0), new(blocks, 1_780_000_010, 0.5)],
            [
                new("h1:/srv/orders.duckdb#discovered#1780000000000", Blocks.Noon, EventKind.Discovered, "h1:/srv/orders.duckdb", "orders", "h1", "found"),
                new("h1:/srv/orders.duckdb#DiskFull#1780000000000#2", Blocks.Noon.AddMilliseconds(1.5), EventKind.Transition, "h1:/srv/orders.duckdb", "orders", "h1", "95 % of 90 %")
                {
                    Episode = "h1:/srv/orders.duckdb#DiskFull#1780000000000",
                    Rule = "DiskFull",
                    Severity = "high",
                    State = "firing",
                    Value = 0.95,
                    Threshold = 0.9,
                },
            ]);
    }

    private static void IsRefused(ReadOnlySpan<byte> bytes)
    {
        try
        {
            BlockCodec.Decode(bytes);
        }
        catch (InvalidDataException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            return;
        }

        Assert.Fail("it was read");
    }

    private static void IsHarmless(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            BlockCodec.Decode(bytes);
        }
        catch (InvalidDataException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 + (64L * bytes.Length));
    }
}

using CsCheck;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Tests.Spool;

/// <summary>Blocks to keep, and how two are compared.</summary>
internal static class Blocks
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Text = Gen.OneOf(Gen.OneOfConst("", "orders", "h1", "duckdb_up", "k=\"v\"", "\0", "Zażółć 🦆"), Gen.String[Gen.Char['\0', '\ud7ff'], 0, 40]);

    private static readonly Gen<double> Value = Gen.OneOf(
        Gen.OneOfConst(0, -0.0, 1, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 9007199254740992, -9007199254740992, 9007199254740993, 0.25),
        Gen.Double, Gen.Int.Select(i => (double)i), Gen.Long.Select(l => (double)l));

    private static readonly Gen<SeriesKey> Key = Gen.Select(Text, Text, Text, Text, Gen.Int, (metric, database, host, labels, days) => new SeriesKey(metric, database, host, labels, days));

    private static readonly Gen<HistoryEvent> Event =
        from texts in Text.Array[5]
        from kind in Gen.Enum<EventKind>()
        from at in Gen.Long[DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks]
        from optional in Gen.OneOf(Gen.Const((string?)null), Text.Select(t => (string?)t)).Array[4]
        from numbers in Gen.OneOf(Gen.Const((double?)null), Value.Select(v => (double?)v)).Array[2]
        select new HistoryEvent(texts[0], new DateTimeOffset(at, TimeSpan.Zero), kind, texts[1], texts[2], texts[3], texts[4])
        {
            Episode = optional[0],
            Rule = optional[1],
            Severity = optional[2],
            State = optional[3],
            Value = numbers[0],
            Threshold = numbers[1],
        };

    /// <summary>Any block.</summary>
    public static readonly Gen<HistoryBlock> Any =
        from id in Text
        from keys in Key.Array[1, 8]
        from samples in Gen.Select(Gen.Int[0, keys.Length - 1], Gen.OneOf(Gen.Long[0, 100], Gen.Long), Value, (key, at, value) => new Sample(keys[key], at, value)).Array[0, 60]
        from events in Event.Array[0, 5]
        select new HistoryBlock(id, samples, events);

    /// <summary>The block of that number, which says it: its rows are as many as the number's remainder by 5, and one.</summary>
    public static HistoryBlock Of(int number)
    {
        var key = new SeriesKey("duckdb_file_size_bytes", "orders", "h1", "", 30);
        return new HistoryBlock($"w-{number}", [.. Enumerable.Range(0, (number % 5) + 1).Select(row => new Sample(key, Noon.ToUnixTimeSeconds() + number, row))], []);
    }

    public static int NumberOf(HistoryBlock block) => int.Parse(block.Id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);

    public static DateTimeOffset MadeAt(int number) => Noon.AddSeconds(number);

    /// <summary>Equal to the bit: -0 is not 0.</summary>
    public static bool Same(HistoryBlock one, HistoryBlock other) =>
        one.Id == other.Id
        && one.Samples.Select(Bits).SequenceEqual(other.Samples.Select(Bits))
        && one.Events.SequenceEqual(other.Events);

    private static (SeriesKey, long, long) Bits(Sample sample) => (sample.Series, sample.At, BitConverter.DoubleToInt64Bits(sample.Value));
}

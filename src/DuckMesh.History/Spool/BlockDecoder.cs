using System.Buffers.Binary;
using System.Text;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Spool;

/// <summary>Reads one block; see <see cref="BlockCodec"/>. A count is believed only as far as the bytes that are left could hold it.</summary>
internal ref struct BlockDecoder(ReadOnlySpan<byte> bytes)
{
    /// <summary>Step of series and form, step of time.</summary>
    private const int LeastSampleBytes = 2;

    /// <summary>Four strings and the retention.</summary>
    private const int LeastSeriesBytes = 5;

    /// <summary>Kind, time, nine strings, two numbers.</summary>
    private const int LeastEventBytes = 13;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private string[] _table = [];

    public HistoryBlock Decode()
    {
        var version = Byte();
        if (version != BlockCodec.Version) throw Wrong($"version {version} is not known, only {BlockCodec.Version}: was it written by a newer DuckMesh?");
        _table = new string[Count(1, "strings")];
        for (var i = 0; i < _table.Length; i++) _table[i] = Utf8();
        var id = Text();
        var samples = Samples();
        var events = new HistoryEvent[Count(LeastEventBytes, "events")];
        for (var i = 0; i < events.Length; i++) events[i] = Event();
        return _at == _bytes.Length ? new HistoryBlock(id, samples, events) : throw Wrong("bytes follow its end");
    }

    private Sample[] Samples()
    {
        var series = new SeriesKey[Count(LeastSeriesBytes, "series")];
        for (var i = 0; i < series.Length; i++) series[i] = new SeriesKey(Text(), Text(), Text(), Text(), Days());

        var samples = new Sample[Count(LeastSampleBytes, "samples")];
        var last = new double[series.Length];
        var (index, at) = (-1L, 0L);
        for (var i = 0; i < samples.Length; i++)
        {
            var head = Number();
            index = unchecked(index + 1 + SampleValue.UnZigZag(head >> SampleValue.FormBits));
            if (index < 0 || index >= series.Length) throw Wrong($"there is no series {index}");
            at = unchecked(at + Signed());
            last[index] = (SampleValue.Form)(head & ((1 << SampleValue.FormBits) - 1)) switch
            {
                SampleValue.Form.Same => last[index],
                SampleValue.Form.Whole => unchecked(SampleValue.WholeOf(last[index]) + Signed()),
                SampleValue.Form.Bits => Bits(),
                _ => throw Wrong("a value has no known form"),
            };
            samples[i] = new Sample(series[index], at, last[index]);
        }

        return samples;
    }

    private HistoryEvent Event()
    {
        var kind = (EventKind)Byte();
        if (!Enum.IsDefined(kind)) throw Wrong($"there is no kind {(int)kind} of event: was it written by a newer DuckMesh?");
        var at = Time();
        return new HistoryEvent(Text(), at, kind, Text(), Text(), Text(), Text())
        {
            Episode = TextOrNull(),
            Rule = TextOrNull(),
            Severity = TextOrNull(),
            State = TextOrNull(),
            Value = Optional(),
            Threshold = Optional(),
        };
    }

    private DateTimeOffset Time()
    {
        var ticks = Signed();
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : throw Wrong("a time is out of range");
    }

    private int Days()
    {
        var days = Signed();
        return days is >= int.MinValue and <= int.MaxValue ? (int)days : throw Wrong("a retention is out of range");
    }

    private double? Optional() => Byte() switch
    {
        0 => null,
        1 => Bits(),
        _ => throw Wrong("a number is neither there nor absent"),
    };

    private string Text() => TextOrNull() ?? throw Wrong("a text is missing");

    private string? TextOrNull()
    {
        var place = Number();
        if (place == 0) return null;
        return place <= (ulong)_table.Length ? _table[place - 1] : throw Wrong($"there is no text {place}");
    }

    private string Utf8()
    {
        var length = Count(1, "bytes of a text");
        try
        {
            var text = Strict.GetString(_bytes.Slice(_at, length));
            _at += length;
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("a text is not UTF-8");
        }
    }

    private int Count(int leastBytes, string what)
    {
        var count = Number();
        return count <= (ulong)((_bytes.Length - _at) / leastBytes) ? (int)count : throw Wrong($"{count} {what} can't be in the {_bytes.Length - _at} bytes that are left");
    }

    private double Bits()
    {
        if (_bytes.Length - _at < sizeof(double)) throw Wrong("it ends in a number");
        var value = BinaryPrimitives.ReadDoubleLittleEndian(_bytes[_at..]);
        _at += sizeof(double);
        return value;
    }

    private long Signed() => SampleValue.UnZigZag(Number());

    private ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }

        throw Wrong("a number is too long");
    }

    private byte Byte() => _at < _bytes.Length ? _bytes[_at++] : throw Wrong("it ends too soon");

    private readonly InvalidDataException Wrong(string what) => new($"no block of history: {what} (byte {_at} of {_bytes.Length})");
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Spool;

/// <summary>Writes one block; see <see cref="BlockCodec"/>.</summary>
internal sealed class BlockEncoder
{
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);
    private readonly List<string> _table = [];

    public byte[] Encode(HistoryBlock block)
    {
        Text(block.Id);
        Samples(block.Samples);
        Number((ulong)block.Events.Count);
        foreach (var happened in block.Events) Event(happened);

        // The table stands first, and is known last.
        var body = _body.WrittenSpan.ToArray();
        _body.ResetWrittenCount();
        Byte(BlockCodec.Version);
        Number((ulong)_table.Count);
        foreach (var text in _table) Utf8(text);
        return [.. _body.WrittenSpan, .. body];
    }

    private void Samples(IReadOnlyList<Sample> samples)
    {
        var indexes = new Dictionary<SeriesKey, int>(ReferenceEqualityComparer.Instance);
        var series = new List<SeriesKey>();
        foreach (var sample in samples)
        {
            if (indexes.TryAdd(sample.Series, series.Count)) series.Add(sample.Series);
        }

        Number((ulong)series.Count);
        foreach (var key in series)
        {
            Text(key.Metric);
            Text(key.Database);
            Text(key.Host);
            Text(key.Labels);
            Signed(key.RetentionDays);
        }

        Number((ulong)samples.Count);
        var last = new double[series.Count];
        var (index, at) = (-1, 0L);
        foreach (var sample in samples)
        {
            var place = indexes[sample.Series];
            var form = SampleValue.FormOf(sample.Value, last[place]);
            Number((SampleValue.ZigZag(place - index - 1) << SampleValue.FormBits) | (ulong)form);
            Signed(unchecked(sample.At - at));
            if (form == SampleValue.Form.Whole) Signed((long)sample.Value - SampleValue.WholeOf(last[place]));
            if (form == SampleValue.Form.Bits) Bits(sample.Value);
            (index, at, last[place]) = (place, sample.At, sample.Value);
        }
    }

    private void Event(HistoryEvent e)
    {
        Byte((byte)e.Kind);
        Signed(e.At.UtcTicks);
        Text(e.Id);
        Text(e.Subject);
        Text(e.Database);
        Text(e.Host);
        Text(e.Text);
        Text(e.Episode);
        Text(e.Rule);
        Text(e.Severity);
        Text(e.State);
        Optional(e.Value);
        Optional(e.Threshold);
    }

    private void Optional(double? value)
    {
        Byte((byte)(value is null ? 0 : 1));
        if (value is { } known) Bits(known);
    }

    /// <summary>0 for null, else one more than its place in the table.</summary>
    private void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        if (!_strings.TryGetValue(text, out var place))
        {
            _strings.Add(text, place = _table.Count);
            _table.Add(text);
        }

        Number((ulong)place + 1);
    }

    private void Utf8(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(text, _body.GetSpan(length));
        _body.Advance(length);
    }

    private void Bits(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_body.GetSpan(sizeof(double)), value);
        _body.Advance(sizeof(double));
    }

    private void Signed(long value) => Number(SampleValue.ZigZag(value));

    /// <summary>Seven bits a byte, the lowest first; the highest bit says that more follow.</summary>
    private void Number(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _body.GetSpan(1)[0] = value;
        _body.Advance(1);
    }
}

using System.Buffers;
using System.Globalization;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>Sample lines on their way into a buffer. <see cref="Flush"/> hands over what was written last.</summary>
internal ref struct Lines(IBufferWriter<byte> output)
{
    /// <summary>The longest shortest round-trip text of a double, <c>-2.2250738585072014E-308</c>, and the line feed.</summary>
    private const int NumberBytes = 25;

    /// <summary>Asked of the buffer at once: many lines for one call, and still small beside what a server keeps for a connection.</summary>
    private const int ChunkBytes = 16 * 1024;

    /// <summary>Every whole number below this has an exact double, and its shortest text is that of the integer.</summary>
    private const double ExactIntegers = 1L << 53;

    private Span<byte> _free;
    private int _taken;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>One line: name and own labels, the database's labels, the value.</summary>
    public void Sample(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> labels, double value)
    {
        var line = Reserve(prefix.Length + labels.Length + NumberBytes);
        prefix.CopyTo(line);
        line = line[prefix.Length..];
        labels.CopyTo(line);
        line = line[labels.Length..];
        var length = Number(value, line);
        line[length++] = (byte)'\n';
        _free = line[length..];
    }

    /// <summary><c>name="value",</c>; nothing where there is no value, as Prometheus takes an empty label for an absent one.</summary>
    public void Label(string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        var room = Reserve(LabelText.MostBytes(name, value));
        var length = LabelText.Write(name, value, room);
        room[length++] = (byte)',';
        Advance(length);
    }

    /// <summary>Room for at least so many bytes; what was used of it is told to <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_free.Length < bytes)
        {
            Flush();
            _free = output.GetSpan(Math.Max(bytes, ChunkBytes));
            _taken = _free.Length;
        }

        return _free;
    }

    public void Advance(int bytes)
    {
        _free = _free[bytes..];
    }

    public void Flush()
    {
        if (_taken == 0) return; // a server's response may not be advanced before it gave memory
        output.Advance(_taken - _free.Length);
        _taken = 0;
        _free = default;
    }

    private static int Number(double value, Span<byte> to)
    {
        int length;
        if (value is >= RatioText.From and < 1) return RatioText.Write(value, to);
        var whole = double.ConvertToIntegerNative<long>(value);
        if (whole == value && Math.Abs(value) < ExactIntegers)
            whole.TryFormat(to, out length, provider: CultureInfo.InvariantCulture);
        else
            value.TryFormat(to, out length, provider: CultureInfo.InvariantCulture);
        return length;
    }
}

using System.Buffers;

namespace DuckMesh.Benchmarks.Exposition;

/// <summary>A buffer that keeps its memory between rounds, so that rounds measure writing and not growing.</summary>
internal sealed class ReusedBuffer(int capacity) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[capacity];

    public int Written { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Written);

    public void Clear() => Written = 0;

    public void Advance(int count) => Written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(Written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(Written);
    }

    private void Grow(int sizeHint)
    {
        if (_bytes.Length - Written < Math.Max(1, sizeHint)) Array.Resize(ref _bytes, (2 * _bytes.Length) + sizeHint);
    }
}

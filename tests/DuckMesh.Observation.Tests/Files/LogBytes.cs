using System.Buffers.Binary;
using DuckMesh.Observation.Files;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>Logs made by hand, byte by byte.</summary>
internal sealed class LogBytes
{
    public static readonly byte[] Plain = [100, 0, 98, 101, 0, 2, 0xff, 0xff];

    private readonly List<byte> _bytes;

    public LogBytes(byte[]? firstRecord = null) => _bytes = [.. firstRecord ?? Plain];

    public int Length => _bytes.Count;

    public LogBytes Frame(byte type, params byte[] fields)
    {
        byte[] payload = [100, 0, type, .. fields, 0xff, 0xff];
        Span<byte> head = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], Checksum.Of(payload));
        _bytes.AddRange(head);
        _bytes.AddRange(payload);
        return this;
    }

    public LogBytes Commit(byte content = 0, int size = 9)
    {
        var fields = new byte[size];
        fields[0] = 101;
        Array.Fill(fields, content, 2, size - 2);
        return Frame(26, fields).Frame(100);
    }

    public LogBytes Marker(ulong pointer)
    {
        var fields = new List<byte> { 101, 0, 100, 0 };
        for (; pointer >= 128; pointer >>= 7) fields.Add((byte)(pointer | 128));
        fields.AddRange([(byte)pointer, 101, 0, 0, 0xff, 0xff]);
        return Frame(99, [.. fields]).Frame(100);
    }

    public byte[] ToArray() => [.. _bytes];
}

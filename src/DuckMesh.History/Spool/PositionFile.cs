using Microsoft.Win32.SafeHandles;

namespace DuckMesh.History.Spool;

/// <summary>
/// Keeps the spool's position. It is written in place, in turn into two slots, so it needs no room on a full disk and a torn write leaves the one before. A position
/// that is lost does no harm: blocks are sent again, under the same ids.
/// </summary>
internal sealed class PositionFile : IDisposable
{
    public const string Name = "position";

    /// <summary>What a disk writes at once at least.</summary>
    private const int SlotSize = 512;

    private readonly SafeFileHandle _file;
    private long _counter;

    private PositionFile(SafeFileHandle file) => _file = file;

    public SpoolPosition Position { get; private set; }

    public static PositionFile Open(string folder)
    {
        var path = Path.Combine(folder, Name);
        var isNew = !File.Exists(path);
        var positions = new PositionFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        if (!isNew) positions.Read();
        else positions.Make(folder);
        return positions;
    }

    /// <exception cref="IOException">The disk failed; the position in memory is the new one all the same.</exception>
    public void Write(SpoolPosition position)
    {
        Position = position;
        Span<byte> slot = stackalloc byte[SlotSize];
        slot.Clear();
        position.Write(slot, ++_counter);
        RandomAccess.Write(_file, slot, _counter % 2 * SlotSize);
        RandomAccess.FlushToDisk(_file);
    }

    public void Dispose() => _file.Dispose();

    private void Read()
    {
        Span<byte> slot = stackalloc byte[SlotSize];
        for (var i = 0; i < 2; i++)
        {
            var read = RandomAccess.Read(_file, slot, i * SlotSize);
            if (SpoolPosition.TryRead(slot[..read], out var position, out var counter) && counter > _counter) (Position, _counter) = (position, counter);
        }
    }

    /// <summary>Takes the room of both slots now.</summary>
    private void Make(string folder)
    {
        Write(default);
        Write(default);
        Folder.Flush(folder);
    }
}

using System.Text.Json;
using DuckMesh.Cluster.Serialization;

namespace DuckMesh.Cluster.Notifier;

/// <summary>
/// The announcements as JSON lines in the data folder, for people and for programs that follow it. Bounded: when the file is full it becomes the old one.
/// </summary>
public sealed class AnnouncementLog(string folder)
{
    public const string FileName = "announcements.jsonl";

    /// <summary>Some 40,000 announcements in the file and as many in the old one: weeks of a bad fleet, and nothing that fills a disk.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly string _path = Path.Combine(folder, FileName);
    private bool _torn;

    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public void Write(IEnumerable<Announcement> announcements)
    {
        using var buffer = new MemoryStream();
        if (_torn) buffer.WriteByte((byte)'\n'); // a write that failed half-way may have left a line without its end
        _torn = true;
        foreach (var announcement in announcements)
        {
            JsonSerializer.Serialize(buffer, announcement, WireJson.Default.Announcement);
            buffer.WriteByte((byte)'\n');
        }

        if (new FileInfo(_path) is { Exists: true, Length: > MaxBytes }) File.Move(_path, _path + ".1", overwrite: true);
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        _torn = false;
    }
}

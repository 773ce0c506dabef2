using System.Collections.Concurrent;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Files;

/// <summary>
/// The files that this very process has open as databases (its history, a test's database). They are never opened as plain files: closing any descriptor of
/// such a file would drop the process's lock on it, and another process could then write it too.
/// </summary>
public sealed class OwnDatabases
{
    private readonly ConcurrentDictionary<FileIdentity, byte> _open = new();

    public void Add(FileIdentity file) => _open[file] = 0;

    public void Remove(FileIdentity file) => _open.TryRemove(file, out _);

    public bool Contains(FileIdentity file) => _open.ContainsKey(file);
}

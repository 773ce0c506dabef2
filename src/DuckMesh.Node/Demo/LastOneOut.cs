using DuckMesh.Node.Hosting;
using Microsoft.Win32.SafeHandles;

namespace DuckMesh.Node.Demo;

/// <summary>
/// Held by each sample owner while it runs. When a demo was killed nobody is left to remove its folder but its owners: all share a lock, so one that gets it for itself
/// is the last, and if the demo's own lock is free too, it removes the folder.
/// </summary>
internal sealed class LastOneOut : IDisposable
{
    private readonly Lock _once = new();
    private readonly string _folder;
    private SafeFileHandle? _held;

    /// <param name="folder">The demo's.</param>
    public LastOneOut(string folder)
    {
        _folder = folder;
        try
        {
            _held = File.OpenHandle(Path.Combine(folder, DemoScratch.OwnersLock), FileMode.Open, FileAccess.ReadWrite);
            if (FileLock.TryShared(_held) == 0) return;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No demo has this folder, or it ended this very moment: there is nothing to remove.
        }

        _held?.Dispose();
        _held = null;
    }

    /// <summary>Once; who comes later waits for the first.</summary>
    public void Dispose()
    {
        lock (_once)
        {
            if (_held is null) return;
            if (FileLock.TryExclusive(_held) == 0) DemoScratch.RemoveIfAbandoned(_folder);
            _held.Dispose();
            _held = null;
        }
    }
}

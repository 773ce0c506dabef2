using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DuckMesh.Node.Demo;

/// <summary>
/// The folder of one demo, in the node's data folder: nothing of a demo mixes with real data. It is locked while the demo runs and removed when it ends;
/// one that a killed demo left behind is recognised by its free lock and removed by the next.
/// </summary>
internal sealed partial class DemoScratch : IDisposable
{
    private const string Prefix = "demo-";
    private const int ExclusiveNow = 2 | 4;   // LOCK_EX | LOCK_NB

    private readonly SafeFileHandle _lock;
    private readonly string? _madeParent;

    private DemoScratch(string folder, SafeFileHandle held, string? madeParent)
    {
        Folder = folder;
        _lock = held;
        _madeParent = madeParent;
        Directory.CreateDirectory(Databases);
        Directory.CreateDirectory(Data);
    }

    public string Folder { get; }

    /// <summary>Where the samples' databases are.</summary>
    public string Databases => Path.Combine(Folder, "databases");

    /// <summary>The data folder of the demo's node.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>Where the sample in Node is installed.</summary>
    public string NodeProgram => Path.Combine(Folder, "sessions");

    /// <exception cref="IOException">The folder can't be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be made there.</exception>
    public static DemoScratch Create(string parent)
    {
        var madeParent = Directory.Exists(parent) ? null : parent;
        Directory.CreateDirectory(parent);
        RemoveLeftovers(parent);
        while (true)
        {
            var folder = Path.Combine(parent, Prefix + Path.GetRandomFileName()[..6]);
            Directory.CreateDirectory(folder);
            if (TryLock(folder, FileMode.OpenOrCreate) is { } held)
                return new DemoScratch(folder, held, madeParent);
        }
    }

    public void Dispose()
    {
        Remove(Folder);
        _lock.Dispose();
        if (_madeParent is not null && !Directory.EnumerateFileSystemEntries(_madeParent).Any())
            Directory.Delete(_madeParent);
    }

    private static void RemoveLeftovers(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            using var held = TryLock(folder, FileMode.Open);
            if (held is not null)
                Remove(folder);
        }
    }

    /// <summary>What can't be removed now, a later demo removes.</summary>
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static SafeFileHandle? TryLock(string folder, FileMode mode)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(Path.Combine(folder, "lock"), mode, FileAccess.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && mode == FileMode.Open)
        {
            return null;
        }
        if (FileLock(file, ExclusiveNow) == 0)
            return file;
        file.Dispose();
        return null;
    }

    // .NET's own file locks are switched off in this process (see the project's runtime options).
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FileLock(SafeFileHandle file, int operation);
}

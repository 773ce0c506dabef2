using DuckMesh.Node.Hosting;
using Microsoft.Win32.SafeHandles;

namespace DuckMesh.Node.Demo;

/// <summary>
/// The folder of one demo, in the node's data folder: nothing of a demo mixes with real data. It is locked while the demo runs and removed when it ends. A demo that was
/// killed is recognised by its free lock: the last of its owners removes the folder (<see cref="LastOneOut"/>), or else the next demo.
/// </summary>
internal sealed class DemoScratch : IDisposable
{
    private const string Prefix = "demo-";
    private const string LockFile = "lock";

    /// <summary>The file on which the owners share a lock.</summary>
    public const string OwnersLock = "owners";

    /// <summary>Owners that are ending may still write into a folder that is being removed.</summary>
    private const int Attempts = 10;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    private readonly SafeFileHandle _lock;

    private DemoScratch(string folder, SafeFileHandle held)
    {
        Folder = folder;
        _lock = held;
        Directory.CreateDirectory(Databases);
        Directory.CreateDirectory(Data);
        File.Create(Path.Combine(folder, OwnersLock)).Dispose();
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
        var madeParent = !Directory.Exists(parent);
        Directory.CreateDirectory(parent);
        foreach (var leftover in Directory.EnumerateDirectories(parent, Prefix + "*")) RemoveIfAbandoned(leftover);
        while (true)
        {
            var folder = Path.Combine(parent, Prefix + Path.GetRandomFileName()[..6]);
            Directory.CreateDirectory(folder);
            if (TryLock(folder, FileMode.OpenOrCreate) is not { } held) continue;
            // Whoever removes the folder must know whether the one around it was there before.
            RandomAccess.Write(held, madeParent ? "1"u8 : "0"u8, 0);
            return new DemoScratch(folder, held);
        }
    }

    /// <summary>Removes the folder of a demo that no longer runs; leaves every other folder alone.</summary>
    public static void RemoveIfAbandoned(string folder)
    {
        if (!Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal)) return;
        using var held = TryLock(folder, FileMode.Open);
        if (held is not null) Remove(folder, held);
    }

    public void Dispose()
    {
        Remove(Folder, _lock);
        _lock.Dispose();
    }

    /// <summary>What can't be removed now, a later demo removes.</summary>
    private static void Remove(string folder, SafeFileHandle held)
    {
        Span<byte> madeParent = stackalloc byte[1];
        RandomAccess.Read(held, madeParent, 0);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                break;
            }
            catch (DirectoryNotFoundException)
            {
                break;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (attempt == Attempts) return;
                Thread.Sleep(BetweenAttempts);
            }
        }

        var parent = Path.GetDirectoryName(folder)!;
        if (madeParent[0] == '1' && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any()) Directory.Delete(parent);
    }

    private static SafeFileHandle? TryLock(string folder, FileMode mode)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(Path.Combine(folder, LockFile), mode, FileAccess.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && mode == FileMode.Open)
        {
            return null;
        }

        if (FileLock.TryExclusive(file) == 0) return file;
        file.Dispose();
        return null;
    }
}

using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>
/// A file system that never answers, as a network disk whose server is gone: FUSE without anybody who serves it. Whoever touches it waits until it is disposed.
/// Needs root and <c>/dev/fuse</c>.
/// </summary>
internal sealed partial class HungMount : IDisposable
{
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;
    internal const int Detach = 2;

    private readonly int _server;

    public HungMount(string path)
    {
        Path = path;
        _server = Open("/dev/fuse", ReadWrite | CloseOnExec);
        Assert.True(_server >= 0, $"/dev/fuse can't be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        Assert.True(Mount("hung", Path, "fuse", 0, $"fd={_server},rootmode=40000,user_id=0,group_id=0") == 0, $"no mount: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public string Path { get; }

    public void Dispose()
    {
        _ = Unmount(Path, Detach);
        _ = Close(_server);   // ends every wait
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unmount(string target, int flags);
}

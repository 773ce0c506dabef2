using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>An empty file system in memory, mounted over a folder: what is open below it stays open, and has no path any more. Needs root.</summary>
internal sealed class CoveringMount : IDisposable
{
    private readonly string _path;

    public CoveringMount(string path)
    {
        _path = path;
        Assert.True(HungMount.Mount("cover", path, "tmpfs", 0, "size=1m") == 0, $"no mount: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public void Dispose() => _ = HungMount.Unmount(_path, HungMount.Detach);
}

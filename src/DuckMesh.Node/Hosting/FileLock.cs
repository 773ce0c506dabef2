using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DuckMesh.Node.Hosting;

/// <summary>
/// <c>flock</c>: a lock that the kernel frees when the file is closed, which it is when the process ends, however it ends. Called directly, because .NET's own file locks are
/// switched off in this process (see Directory.Build.props).
/// </summary>
internal static partial class FileLock
{
    /// <summary>Another process holds the lock (EWOULDBLOCK).</summary>
    public const int Held = 11;

    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int NoWait = 4;

    /// <summary>Takes the lock, or turns the one that the handle has into this kind. Never waits.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int TryExclusive(SafeFileHandle file) => Take(file, Exclusive | NoWait) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>As <see cref="TryExclusive"/>, but others may hold the lock in the same way.</summary>
    public static int TryShared(SafeFileHandle file) => Take(file, Shared | NoWait) == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Take(SafeFileHandle file, int operation);
}

using System.Globalization;
using DuckMesh.Acceptance.Harness;

namespace DuckMesh.Acceptance.Owners;

/// <summary>The kernel's lock table.</summary>
internal static class FileLocks
{
    /// <summary>Does the process hold a write lock on the file?</summary>
    public static async Task<bool> IsHeld(string file, int pid)
    {
        var (_, inode, _) = await RunningProgram.Run(TimeSpan.FromSeconds(5), "stat", "--format=%i", file);
        // 4: POSIX  ADVISORY  WRITE <pid> fe:00:<inode> 0 EOF
        return File.ReadLines("/proc/locks").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Any(fields =>
            fields is [_, "POSIX", _, "WRITE", var owner, var node, ..]
            && owner == pid.ToString(CultureInfo.InvariantCulture) && node.EndsWith(':' + inode.Trim(), StringComparison.Ordinal));
    }
}

namespace DuckMesh.Observation.Discovery;

/// <summary>A POSIX lock on a whole file, the kind that DuckDB takes.</summary>
/// <param name="Device">As the lock table numbers it: that of the file system, which on btrfs is not what <c>stat</c> says of the file.</param>
internal readonly record struct HeldLock(int Pid, ulong Device, ulong Inode, bool ReadOnly)
{
    public LockKey Key => new(Pid, Device, Inode);
}

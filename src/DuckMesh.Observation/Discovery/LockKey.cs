namespace DuckMesh.Observation.Discovery;

/// <summary>What is known of a lock is remembered under this: process, device and inode as the lock table has them.</summary>
internal readonly record struct LockKey(int Pid, ulong Device, ulong Inode);

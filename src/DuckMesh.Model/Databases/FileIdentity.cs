namespace DuckMesh.Model.Databases;

/// <summary>Which file a path means: device as <c>stat</c> numbers it, and inode. Two paths of one identity are one file (hard links, symbolic links, bind mounts).</summary>
public readonly record struct FileIdentity(ulong Device, ulong Inode);

namespace DuckMesh.Observation.Files;

/// <summary>One mounted file system.</summary>
/// <param name="Device">As <c>stat</c> numbers the files on it (on btrfs and overlayfs the files may show another number).</param>
/// <param name="MountPoint">As <see cref="Model.Databases.FilePath"/> writes it.</param>
/// <param name="Type">As the mount table names it: ext4, xfs, nfs4, fuse.sshfs, ...</param>
/// <param name="Network">Other hosts can reach the same files and may hold locks that this one can't see.</param>
public sealed record Mount(ulong Device, string MountPoint, string Type, bool Network);

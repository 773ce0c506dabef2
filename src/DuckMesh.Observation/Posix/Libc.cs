using System.Runtime.InteropServices;

namespace DuckMesh.Observation.Posix;

/// <summary>
/// The calls of the C library that we need and .NET does not give: paths as bytes, flags of <c>open</c>, no lock taken behind our back.
/// Layouts are those that Linux has on every 64-bit architecture.
/// </summary>
internal static unsafe partial class Libc
{
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EACCES = 13;
    public const int EPERM = 1;
    public const int ENOTDIR = 20;

    public const int ReadOnly = 0;
    public const int NonBlocking = 0x800;       // O_NONBLOCK: a FIFO must not hold us
    public const int CloseOnExec = 0x80000;     // O_CLOEXEC
    public const int NoAccessTime = 0x40000;    // O_NOATIME: EPERM on others' files without privilege
    public const int PathOnly = 0x200000;       // O_PATH: names a file, opens nothing, and closing it drops no lock
    public const int CurrentFolder = -100;      // AT_FDCWD
    public const int NoFollow = 0x100;          // AT_SYMLINK_NOFOLLOW

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int descriptor, byte* buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(int folder, byte* path, int flags, uint mask, StatxBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    public static partial int Statvfs(byte* path, StatvfsBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    public static partial nint ReadLink(byte* path, byte* buffer, nint size);

    /// <param name="resolved">Room for PATH_MAX bytes. Returns 0 on failure.</param>
    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true)]
    public static partial nint RealPath(byte* path, byte* resolved);

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    public static partial nint OpenFolder(byte* path);

    /// <summary>Returns a pointer to a <c>dirent</c>: u64 inode, i64 offset, u16 length, u8 type, name as bytes ending in 0.</summary>
    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial byte* ReadFolder(nint folder);

    [LibraryImport("libc", EntryPoint = "dirfd", SetLastError = true)]
    public static partial int FolderDescriptor(nint folder);

    [LibraryImport("libc", EntryPoint = "closedir", SetLastError = true)]
    public static partial int CloseFolder(nint folder);

    /// <summary>struct statx, linux/stat.h: the one stat whose layout does not depend on the architecture.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct StatxBuffer
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint User;
        public uint Group;
        public ushort Mode;
        private readonly ushort _spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatxTime Accessed;
        public StatxTime Born;
        public StatxTime Changed;
        public StatxTime Modified;
        public uint RawDeviceMajor;
        public uint RawDeviceMinor;
        public uint DeviceMajor;
        public uint DeviceMinor;
        public ulong MountId;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct StatxTime
    {
        public long Seconds;
        public uint Nanoseconds;
        private readonly int _spare;
    }

    /// <summary>struct statvfs of 64-bit glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    public struct StatvfsBuffer
    {
        public ulong BlockSize;
        public ulong FragmentSize;
        public ulong Blocks;
        public ulong BlocksFree;
        public ulong BlocksAvailable;
        public ulong Files;
        public ulong FilesFree;
        public ulong FilesAvailable;
        public ulong FileSystemId;
        public ulong Flags;
        public ulong NameMaximum;
    }
}

namespace DuckMesh.Acceptance.Harness;

/// <summary>A small ext4 file system of its own in a loop device: can be filled, and can break as disks do. Needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int MegaBytes = 32;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _filler;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _filler = Path.Combine(folder, "filler");
    }

    public string Folder { get; }

    public static async Task<SmallDisk> Mount(TestFolder parent)
    {
        var image = parent["disk.img"];
        using (var file = File.Create(image))
            file.SetLength(MegaBytes << 20);
        await Run("mkfs.ext4", "-q", "-m", "0", image);
        var disk = new SmallDisk(parent.Folder("disk"));
        await Run("mount", "-o", "loop,errors=remount-ro", image, disk.Folder);
        return disk;
    }

    /// <summary>Takes the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var size = 1 << 20; size >= 512; size /= 2)
        {
            try
            {
                while (true)
                    file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // no room for this size: a smaller one
            }
        }
        file.Flush(flushToDisk: true);
    }

    public void Free() => File.Delete(_filler);

    /// <summary>As after an I/O error: the kernel takes all writing away, also from those who have files open.</summary>
    public async Task Break()
    {
        var (_, device, _) = await RunningProgram.Run(Deadline, "findmnt", "-no", "SOURCE", Folder);
        await File.WriteAllTextAsync($"/sys/fs/ext4/{Path.GetFileName(device.Trim())}/trigger_fs_error", "1");
    }

    public async ValueTask DisposeAsync() => await Run("umount", "--lazy", Folder);

    private static async Task Run(string program, params string[] arguments)
    {
        var (code, _, errors) = await RunningProgram.Run(Deadline, program, arguments);
        if (code != 0)
            throw new InvalidOperationException($"{program} failed (this test needs root): {errors}");
    }
}

namespace DuckMesh.Acceptance.Harness;

/// <summary>The disk of the journal's tests fails as it says.</summary>
public sealed class SmallDiskTests
{
    [Fact]
    public async Task A_full_disk_takes_no_more_until_it_is_freed()
    {
        using var folder = new TestFolder();
        await using var disk = await SmallDisk.Mount(folder);

        disk.Fill();

        Assert.Throws<IOException>(() => Write(disk));
        disk.Free();
        Write(disk);
    }

    [Fact]
    public async Task A_broken_disk_refuses_those_who_have_files_open()
    {
        using var folder = new TestFolder();
        await using var disk = await SmallDisk.Mount(folder);
        using var open = new FileStream(Path.Combine(disk.Folder, "open"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        open.WriteByte(1);

        await disk.Break();

        Assert.Throws<IOException>(() => open.WriteByte(2));
    }

    private static void Write(SmallDisk disk)
    {
        using var file = new FileStream(Path.Combine(disk.Folder, "file"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(new byte[64 << 10]);
    }
}

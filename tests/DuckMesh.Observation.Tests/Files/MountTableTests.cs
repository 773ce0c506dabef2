using CsCheck;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Tests.Files;

public sealed class MountTableTests
{
    private static readonly MountTable Table = MountTable.Parse("""
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
        31 27 254:16 /sub /data rw,relatime shared:12 master:3 - xfs /dev/vdb rw
        32 27 0:44 / /mnt/with\040blank\134and\011tab rw - nfs4 host:/export rw,vers=4.2
        33 27 0:45 / /data/share rw - fuse.sshfs me@host: rw
        34 27 254:16 / /bind rw - xfs /dev/vdb rw
        35 27 0:50 / /over rw - tmpfs tmpfs rw
        36 35 0:51 / /over rw - cifs //server/share rw
        this is no mount
        37 27 nonsense / /x rw - ext4 /dev/x rw
        38 27 0:60 / /cut rw
        """u8);

    [Theory]
    [InlineData("/", "/", "ext4", false)]
    [InlineData("/database.duckdb", "/", "ext4", false)]
    [InlineData("/data", "/data", "xfs", false)]
    [InlineData("/data/a/b.duckdb", "/data", "xfs", false)]
    [InlineData("/database/a", "/", "ext4", false)]
    [InlineData("/data/share/a.duckdb", "/data/share", "fuse.sshfs", true)]
    [InlineData("/mnt/with blank\\x5cand\\x09tab/a.duckdb", "/mnt/with blank\\x5cand\\x09tab", "nfs4", true)]
    [InlineData("/over/a", "/over", "cifs", true)]
    public void A_path_is_on_the_mount_with_the_longest_point_above_it(string path, string point, string type, bool network)
    {
        var mount = Table.FindByPath(path)!;
        Assert.Equal((point, type, network), (mount.MountPoint, mount.Type, mount.Network));
    }

    [Fact]
    public void A_device_is_its_first_mount()
    {
        Assert.Equal("/data", Table.FindByDevice(FileStatus.DeviceNumber(254, 16))!.MountPoint);
        Assert.Null(Table.FindByDevice(FileStatus.DeviceNumber(1, 1)));
    }

    [Fact]
    public void What_is_no_mount_is_passed_over()
    {
        Assert.Equal(7, Table.Count);
        Assert.Null(Table.FindByPath("relative"));
        Assert.Null(Table.FindByPath(""));
        Assert.Null(MountTable.Empty.FindByPath("/a"));
    }

    [Fact]
    public void The_table_of_this_process_has_the_root_and_so_has_that_of_another()
    {
        Assert.NotNull(MountTable.Read().FindByPath("/"));
        Assert.Equal(MountTable.Read().Count, MountTable.Read(Environment.ProcessId).Count);
        Assert.Equal(0, MountTable.Read(int.MaxValue).Count);
    }

    [Theory]
    [InlineData("nfs", true)]
    [InlineData("lustre", true)]
    [InlineData("9p", true)]
    [InlineData("ext4", false)]
    [InlineData("overlay", false)]
    [InlineData("fuse.ntfs", false)]
    public void Network_file_systems_are_known_by_type(string type, bool network) => Assert.Equal(network, MountTable.IsNetwork(type));

    [Fact]
    public void Any_bytes_are_parsed()
    {
        var word = Gen.OneOf(Gen.OneOfConst("-", "0:1", "254:0", "/", "/a\\040b", "\\", "\\999", "ext4", "", "\n"), Gen.String[0, 6]);
        word.Array[0, 40].Sample(words => Assert.InRange(MountTable.Parse(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', words))).Count, 0, 40), iter: 20_000);
    }
}

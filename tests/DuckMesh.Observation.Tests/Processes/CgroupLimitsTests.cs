using DuckMesh.Model.Readings;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Processes;

public sealed class CgroupLimitsTests : IDisposable
{
    private const long Mib = 1 << 20;

    private readonly ProcTree _tree = new();

    public CgroupLimitsTests() => _tree.AddProcess();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_tightest_limit_of_nested_groups_counts_in_version_2()
    {
        _tree.Mount("", null);
        _tree.Of("cgroup", "0::/a.slice/b.slice/c.scope\n");
        _tree.Write("cgroup/a.slice/cpu.max", "150000 100000\n");
        _tree.Write("cgroup/a.slice/memory.max", "1073741824\n");
        _tree.Write("cgroup/a.slice/b.slice/cpu.max", "max 100000\n");
        _tree.Write("cgroup/a.slice/b.slice/memory.max", "536870912\n");
        _tree.Write("cgroup/a.slice/b.slice/c.scope/cpu.max", "400000 100000\n");
        _tree.Write("cgroup/a.slice/b.slice/c.scope/memory.max", "max\n");

        var reading = Read();

        Assert.Equal((1.5, 512 * Mib, "/a.slice/b.slice/c.scope"), (reading.CpuLimitCores, reading.MemoryLimitBytes, reading.Cgroup));
    }

    [Fact]
    public void Both_files_of_version_1_count()
    {
        _tree.Mount("cpu,cpuacct", "cpu,cpuacct");
        _tree.Mount("memory", "memory");
        _tree.Of("cgroup", "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n");
        _tree.Write("cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "-1\n");
        _tree.Write("cgroup/cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");
        _tree.Write("cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us", "50000\n");
        _tree.Write("cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us", "200000\n");
        _tree.Write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        _tree.Write("cgroup/memory/docker/memory.limit_in_bytes", "268435456\n");
        _tree.Write("cgroup/memory/docker/x/memory.limit_in_bytes", "9223372036854771712\n");

        var reading = Read();

        Assert.Equal((0.25, 256 * Mib, "/docker/x"), (reading.CpuLimitCores, reading.MemoryLimitBytes, reading.Cgroup));
    }

    [Fact]
    public void A_hybrid_host_is_read_where_the_controllers_are()
    {
        _tree.Mount("cpu", "cpu");
        _tree.Mount("memory", "memory");
        _tree.Mount("unified", null);
        _tree.Of("cgroup", "4:memory:/api/1\n1:cpu:/\n0::/\n");
        _tree.Write("cgroup/memory/api/1/memory.limit_in_bytes", "268435456\n");

        var reading = Read();

        Assert.Equal((8.0, 256 * Mib, "/api/1"), (reading.CpuLimitCores, reading.MemoryLimitBytes, reading.Cgroup));
    }

    [Fact]
    public void Without_limits_the_host_is_the_limit()
    {
        _tree.Mount("", null);
        _tree.Of("cgroup", "0::/a\n");
        _tree.Write("cgroup/a/cpu.max", "max 100000\n");
        _tree.Write("cgroup/a/memory.max", "max\n");

        var reading = Read();

        Assert.Equal((8.0, 16384 * Mib), (reading.CpuLimitCores, reading.MemoryLimitBytes));
    }

    [Fact]
    public void A_limit_above_the_host_is_none()
    {
        _tree.Mount("", null);
        _tree.Of("cgroup", "0::/a\n");
        _tree.Write("cgroup/a/cpu.max", "6400000 100000\n");
        _tree.Write("cgroup/a/memory.max", "1099511627776\n");

        var reading = Read();

        Assert.Equal((8.0, 16384 * Mib), (reading.CpuLimitCores, reading.MemoryLimitBytes));
    }

    [Theory]
    [InlineData("0-1", 2)]
    [InlineData("0,2,4-5", 4)]
    [InlineData("6-63", 2)]
    [InlineData("nonsense", 8)]
    public void A_process_has_the_cpus_that_it_is_allowed_and_the_host_has(string allowed, double cores)
    {
        _tree.Of("status", $"Name:\tapp\nCpus_allowed_list:\t{allowed}\nMems_allowed_list:\t0\n");

        Assert.Equal(cores, Read().CpuLimitCores);
    }

    [Fact]
    public void A_mount_of_a_part_of_the_tree_shows_that_part()
    {
        _tree.Mount("memory", "memory", root: "/docker/a\\040b");
        _tree.Of("cgroup", "4:memory:/docker/a b/child\n");
        _tree.Write("cgroup/memory/memory.limit_in_bytes", "536870912\n");
        _tree.Write("cgroup/memory/child/memory.limit_in_bytes", "9223372036854771712\n");

        Assert.Equal(512 * Mib, Read().MemoryLimitBytes);
    }

    [Theory]
    [InlineData("0::/gone\n")]                  // not below the mount
    [InlineData("0::/../../system.slice/x\n")]  // outside of our cgroup namespace
    [InlineData("4:memory:/x\n3:cpu:/x\n")]     // a hierarchy that is not mounted
    public void A_group_out_of_reach_leaves_its_limits_unknown(string cgroup)
    {
        _tree.Mount("", null);
        _tree.Of("cgroup", cgroup);

        var reading = Read();

        Assert.Null(reading.CpuLimitCores);
        Assert.Null(reading.MemoryLimitBytes);
    }

    [Theory]
    [InlineData("cpu.max", "")]
    [InlineData("cpu.max", "fast 100000")]
    [InlineData("cpu.max", "100000 0")]
    [InlineData("memory.max", "")]
    [InlineData("memory.max", "-5")]
    public void A_limit_that_can_not_be_understood_is_unknown(string file, string text)
    {
        _tree.Mount("", null);
        _tree.Of("cgroup", "0::/a\n");
        _tree.Write("cgroup/a/" + file, text);

        var reading = Read();

        Assert.Equal(file == "cpu.max" ? (null, 16384 * Mib) : ((double?)8.0, (long?)null), (reading.CpuLimitCores, reading.MemoryLimitBytes));
    }

    private OwnerReading Read() => _tree.Reader(new FakeTimeProvider()).Read(ProcTree.Pid)!;
}

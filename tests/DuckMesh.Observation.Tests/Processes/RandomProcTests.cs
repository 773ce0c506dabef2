using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Processes;

public sealed class RandomProcTests
{
    private static readonly string[] Files =
    [
        "proc/stat", "proc/meminfo", "proc/self/mountinfo", "sys/devices/system/cpu/online", "proc/sys/kernel/hostname", "proc/4242/stat", "proc/4242/statm", "proc/4242/io", "proc/4242/status",
        "proc/4242/cgroup", "proc/4242/maps", "proc/4242/root/etc/hostname", "proc/4242/root/run/.containerenv", "cgroup/a/cpu.max", "cgroup/a/memory.max",
    ];

    // What the parsers look for is more likely than chance would have it.
    private static readonly Gen<byte[]> Content = Gen.OneOf(
            Gen.Byte.Array[0, 60],
            Gen.Char[" \n:/,.-()0123456789vkBx"].Array[0, 40].Select(c => Encoding.Latin1.GetBytes(c)),
            Gen.OneOfConst("4242 (a) S ", "\nbtime 99", "MemTotal: ", " kB\n", "0::/a", "4:memory:/", "1:cpu:/a", " - cgroup2 a rw\n", " - cgroup x rw,cpu\n", "18446744073709551615 ", "-1 ", "max ", "\nread_bytes: ", "Cpus_allowed_list:", "libduckdb.so", "name=\"", "\\134").Select(Encoding.Latin1.GetBytes))
        .Array[0, 8]
        .Select(parts => parts.SelectMany(p => p).ToArray());

    [Fact]
    public void Any_bytes_in_any_file_are_survived()
    {
        using var tree = new ProcTree();
        tree.AddProcess();
        tree.Mount("", null);
        tree.Of("cgroup", "0::/a\n1:name=systemd:/docker/6f26ce09cca61e677dac08c09ecf65b46f26ce09cca61e677dac08c09ecf65b4\n");
        tree.Of("root/etc/hostname", "name\n");
        tree.Of("root/run/.containerenv", "");
        tree.Write("cgroup/a/cpu.max", "max 100000");
        tree.Write("cgroup/a/memory.max", "max");
        var good = Files.ToDictionary(f => f, f => File.ReadAllBytes(Path.Combine(tree.Folder, f)));
        Assert.NotNull(tree.Reader(new FakeTimeProvider()).Read(ProcTree.Pid));

        Gen.Select(Gen.OneOfConst(Files), Content).Sample(
            (file, bytes) =>
            {
                tree.Write(file, bytes);
                var reading = tree.Reader(new FakeTimeProvider()).Read(ProcTree.Pid);
                tree.Write(file, good[file]);
                return reading is null || (IsSane(reading.CpuSeconds) && IsSane(reading.CpuLimitCores) && IsSane(reading.ResidentBytes) && IsSane(reading.MemoryLimitBytes) && IsSane(reading.ReadBytes));
            },
            iter: 10_000,
            threads: 1);
    }

    private static bool IsSane(double? figure) => figure is null or >= 0 and < double.PositiveInfinity;
}

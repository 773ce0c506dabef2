using System.Globalization;
using System.Text;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Tests.Processes;

/// <summary>A <c>/proc</c>, <c>/sys</c> and cgroup tree of files, removed with the test. It begins as a host of 8 CPUs and 16 GiB without any process.</summary>
internal sealed class ProcTree : IDisposable
{
    public const int Pid = 4242;
    public const long BootSeconds = 1_700_000_000;

    public ProcTree()
    {
        Write("proc/stat", $"cpu  1 2 3\nintr 5 0\nbtime {BootSeconds}\nprocesses 7\n");
        Write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:        1 kB\n");
        Write("proc/sys/kernel/hostname", "the-host\n");
        Write("sys/devices/system/cpu/online", "0-7\n");
        Write("proc/self/mountinfo", "");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("duckmesh-proc-").FullName;

    /// <param name="background">Where the search for libraries goes; done at once when not given.</param>
    /// <param name="own">What this process has open as databases.</param>
    public ProcessReader Reader(TimeProvider time, Action<Action>? background = null, OwnDatabases? own = null) =>
        new(time, own ?? new OwnDatabases(), Path.Combine(Folder, "proc"), Path.Combine(Folder, "sys"), background ?? (work => work()));

    public void Write(string path, string text) => Write(path, Encoding.Latin1.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Writes a file of the process.</summary>
    public void Of(string name, string text) => Write(string.Create(CultureInfo.InvariantCulture, $"proc/{Pid}/{name}"), text);

    /// <summary>A process as the kernel shows it: in no cgroup, allowed all CPUs.</summary>
    public void AddProcess(string command = "app", ulong startTicks = 12345, char state = 'S')
    {
        Of("stat", Stat(command, startTicks, state));
        Of("statm", "9000 1000 500 1 0 800 0\n");
        Of("io", "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n");
        Of("status", "Name:\tapp\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n");
        Of("cgroup", "0::/\n");
        Of("maps", "");
    }

    public static string Stat(string command, ulong startTicks, char state = 'S') =>
        string.Create(CultureInfo.InvariantCulture, $"{Pid} ({command}) {state} 1 2 3 0 -1 4194304 98 0 0 0 250 150 7 8 20 0 1 0 {startTicks} 3133440 356 18446744073709551615\n");

    /// <summary>Mounts a cgroup hierarchy at <c>cgroup/name</c> of the tree.</summary>
    public void Mount(string name, string? controllers, string root = "/")
    {
        var point = Path.Combine(Folder, "cgroup", name);
        Directory.CreateDirectory(point);
        var type = controllers is null ? "cgroup2 cgroup2 rw" : "cgroup cgroup rw," + controllers;
        File.AppendAllText(Path.Combine(Folder, "proc/self/mountinfo"), $"31 23 0:28 {root} {point} rw,relatime shared:9 - {type}\n");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

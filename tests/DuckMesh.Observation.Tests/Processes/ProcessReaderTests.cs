using System.Diagnostics;
using System.Globalization;
using DuckMesh.Observation.Processes;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Processes;

public sealed class ProcessReaderTests : IDisposable
{
    private readonly ProcTree _tree = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_own_process_is_seen_as_it_is()
    {
        var reader = new ProcessReader(_time);
        using var self = Process.GetCurrentProcess();

        var reading = reader.Read(self.Id)!;

        Assert.Equal(self.Id, reading.Pid);
        Assert.Equal(self.MainModule!.FileName, reading.Exe);
        Assert.InRange((reading.StartedAt - self.StartTime.ToUniversalTime()).TotalSeconds, -1, 1);
        Assert.Equal(_time.GetUtcNow(), reading.At);
        Assert.InRange(reading.ResidentBytes!.Value, 10 << 20, 100L << 30);
        Assert.True(reading.ReadBytes >= 0 && reading.WriteBytes >= 0);
        Assert.False(reading.ReadOnly);
    }

    [Fact]
    public void Cpu_time_grows_and_the_start_stays()
    {
        var reader = new ProcessReader(_time);
        var first = reader.Read(Environment.ProcessId)!;
        var deadline = Stopwatch.StartNew();
        var second = first;
        while (second.CpuSeconds < first.CpuSeconds + 0.05 && deadline.Elapsed < TimeSpan.FromSeconds(20))
        {
            Thread.SpinWait(1_000_000);
            _time.Advance(ProcessReader.CacheFor);
            second = reader.Read(Environment.ProcessId)!;
        }

        Assert.True(second.CpuSeconds >= first.CpuSeconds + 0.05);
        Assert.Equal(first.StartedAt, second.StartedAt);
        Assert.Equal(first.StartedAt, new ProcessReader(_time).Read(Environment.ProcessId)!.StartedAt);
    }

    [Fact]
    public void A_process_that_ended_is_no_more()
    {
        var reader = new ProcessReader(_time);
        using var child = Process.Start("sleep", "1000");
        var seen = reader.Read(child.Id);
        child.Kill();
        child.WaitForExit();
        _time.Advance(ProcessReader.CacheFor);

        Assert.NotNull(seen);
        Assert.Null(reader.Read(child.Id));
        Assert.Null(reader.ContainerOf(child.Id));
        Assert.Equal(0, reader.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_number_without_process_gives_nothing(int pid) => Assert.Null(new ProcessReader(_time).Read(pid));

    [Theory]
    [InlineData("app")]
    [InlineData("a) b (c")]
    [InlineData(") S 1 2 3 (")]
    [InlineData("a\nb")]
    public void The_figures_are_found_whatever_the_program_is_called(string command)
    {
        _tree.AddProcess(command, startTicks: 12345);

        var reading = _tree.Reader(_time).Read(ProcTree.Pid)!;

        Assert.Equal(4.0, reading.CpuSeconds);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(ProcTree.BootSeconds).AddMilliseconds(123450), reading.StartedAt);
        Assert.Equal(1000L * Environment.SystemPageSize, reading.ResidentBytes);
        Assert.Equal((4096, 8192), (reading.ReadBytes, reading.WriteBytes));
        Assert.Equal(command.Replace("\n", "\\x0a", StringComparison.Ordinal), reading.Exe);
        Assert.Equal(8, reading.CpuLimitCores);
        Assert.Equal(16L << 30, reading.MemoryLimitBytes);
        Assert.Equal("/", reading.Cgroup);
        Assert.Null(reading.Container);
        Assert.Null(reading.LibraryVersion);
    }

    [Fact]
    public void What_may_not_be_read_is_null()
    {
        _tree.Of("stat", ProcTree.Stat("app", 1));

        var reading = _tree.Reader(_time).Read(ProcTree.Pid)!;

        Assert.Null(reading.ResidentBytes);
        Assert.Null(reading.ReadBytes);
        Assert.Null(reading.WriteBytes);
        Assert.Null(reading.Cgroup);
        Assert.Equal("app", reading.Exe);
        Assert.Equal(8, reading.CpuLimitCores);         // a kernel without cgroups
        Assert.Equal(16L << 30, reading.MemoryLimitBytes);
    }

    [Fact]
    public void The_mark_of_a_replaced_program_is_not_part_of_its_path()
    {
        _tree.AddProcess();
        var link = Path.Combine(_tree.Folder, "proc", ProcTree.Pid.ToString(CultureInfo.InvariantCulture), "exe");
        File.CreateSymbolicLink(link, "/opt/my app (deleted)");

        Assert.Equal("/opt/my app", _tree.Reader(_time).Read(ProcTree.Pid)!.Exe);
    }

    [Fact]
    public void A_zombie_has_ended()
    {
        _tree.AddProcess(state: 'Z');

        Assert.Null(_tree.Reader(_time).Read(ProcTree.Pid));
    }

    [Fact]
    public void One_look_serves_for_a_second_and_allocates_nothing()
    {
        _tree.AddProcess();
        var reader = _tree.Reader(_time);
        var first = reader.Read(ProcTree.Pid);
        reader.Read(ProcTree.Pid);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = true;
        for (var i = 0; i < 10_000; i++) same &= ReferenceEquals(first, reader.Read(ProcTree.Pid));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(same);
        Assert.InRange(allocated, 0, 10_000);   // less than a byte for each
        _time.Advance(ProcessReader.CacheFor);
        Assert.NotSame(first, reader.Read(ProcTree.Pid));
    }

    [Fact]
    public void A_pid_that_is_used_again_is_another_process()
    {
        _tree.AddProcess("first", startTicks: 100);
        var reader = _tree.Reader(_time);
        var first = reader.Read(ProcTree.Pid)!;
        _tree.AddProcess("second", startTicks: 200);
        _time.Advance(ProcessReader.CacheFor);

        var second = reader.Read(ProcTree.Pid)!;

        Assert.Equal(TimeSpan.FromSeconds(1), second.StartedAt - first.StartedAt);
        Assert.Equal(("first", "second"), (first.Exe, second.Exe));
    }

    [Fact]
    public void The_setting_is_looked_at_again_after_a_while()
    {
        _tree.AddProcess();
        var reader = _tree.Reader(_time);
        Assert.Equal(8, reader.Read(ProcTree.Pid)!.CpuLimitCores);
        _tree.Of("status", "Cpus_allowed_list:\t0-1\n");

        _time.Advance(ProcessReader.CacheFor);
        Assert.Equal(8, reader.Read(ProcTree.Pid)!.CpuLimitCores);
        _time.Advance(ProcessReader.SettingFor);
        Assert.Equal(2, reader.Read(ProcTree.Pid)!.CpuLimitCores);
    }

    [Fact]
    public void Many_threads_see_one_look()
    {
        var reader = new ProcessReader(_time);
        var readings = new DuckMesh.Model.Readings.OwnerReading?[64];

        Parallel.For(0, readings.Length, i => readings[i] = reader.Read(Environment.ProcessId));

        Assert.NotNull(readings[0]);
        Assert.All(readings, r => Assert.Same(readings[0], r));
    }

    [Fact]
    public void Ever_new_processes_do_not_fill_the_memory()
    {
        for (var pid = 1; pid <= ProcessReader.MaxProcesses + 10; pid++) _tree.Write(string.Create(CultureInfo.InvariantCulture, $"proc/{pid}/stat"), ProcTree.Stat("app", 1));
        var reader = _tree.Reader(_time);
        for (var pid = 1; pid <= ProcessReader.MaxProcesses + 10; pid++) Assert.NotNull(reader.Read(pid));

        Assert.InRange(reader.Count, 1, ProcessReader.MaxProcesses);
    }
}

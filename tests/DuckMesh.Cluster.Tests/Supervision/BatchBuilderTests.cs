using DuckMesh.Cluster.Supervision;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;
using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Tests.Supervision;

public sealed class BatchBuilderTests
{
    private static readonly MonitorSettings Settings = new()
    {
        Host = "h1",
        DataFolder = "/",
        HoconFolder = "/",
        Interval = TimeSpan.FromSeconds(5),
        ExpectAfter = TimeSpan.FromSeconds(20),
        ForgetAfter = TimeSpan.FromHours(1),
    };

    [Fact]
    public void Cpu_is_known_from_the_second_look_at_the_same_process()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        Assert.True(double.IsNaN(builder.Build(Present(0, Owner(0, cpu: 10)))[MetricCatalog.CpuUsageRatio]));
        Assert.Equal(0.5, builder.Build(Present(5, Owner(5, cpu: 20)))[MetricCatalog.CpuUsageRatio]);
        Assert.True(double.IsNaN(builder.Build(Present(10, Owner(10, cpu: 1, pid: 8)))[MetricCatalog.CpuUsageRatio]));
    }

    [Fact]
    public void A_look_that_another_database_shares_keeps_the_cpu_it_gave()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        builder.Build(Present(0, Owner(0, cpu: 10)));
        Assert.Equal(0.5, builder.Build(Present(5, Owner(5, cpu: 20)))[MetricCatalog.CpuUsageRatio]);
        Assert.Equal(0.5, builder.Build(Present(6, Owner(5, cpu: 20)))[MetricCatalog.CpuUsageRatio]);
    }

    [Fact]
    public void What_could_not_be_seen_is_absent_never_zero()
    {
        var batch = new BatchBuilder(Some.Stored(), Settings).Build(new Reading(Some.Orders, Some.Noon, Presence.Present) { Owned = false, File = new(new(1, 2), 12288), Wal = new(0, null) });
        Assert.Equal(12288, batch[MetricCatalog.FileSizeBytes]);
        Assert.Equal(0, batch[MetricCatalog.Owned]);
        foreach (var series in new[] { MetricCatalog.WalCommits, MetricCatalog.MemoryResidentBytes, MetricCatalog.BlocksUsed, MetricCatalog.DiskFreeBytes, MetricCatalog.TempSizeBytes, MetricCatalog.SyncFailures })
        {
            Assert.True(double.IsNaN(batch[series]), series.Metric);
        }
    }

    [Fact]
    public void A_database_that_nobody_expects_is_lost_at_once_and_its_metrics_end()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        builder.Build(Present(0, Owner(0, 1)));
        var batch = builder.Build(Absent(5));
        Assert.Equal(DatabaseState.Lost, batch.Database.State);
        Assert.All(batch.Values.ToArray(), v => Assert.True(double.IsNaN(v)));
        Assert.Equal(At(5), builder.GoneSince);
    }

    [Fact]
    public void An_expected_database_is_down_after_two_intervals()
    {
        var builder = new BatchBuilder(Some.Stored(configured: true), Settings);
        builder.Build(Present(0, Owner(0, 1)));
        Assert.Equal(1, builder.Build(Absent(5))[MetricCatalog.Up]);
        var down = builder.Build(Absent(10));
        Assert.Equal(DatabaseState.Down, down.Database.State);
        Assert.Equal(0, down[MetricCatalog.Up]);
        Assert.Equal(1, builder.Build(Present(15, null))[MetricCatalog.Up]);
    }

    [Fact]
    public void After_a_restart_a_database_that_was_gone_is_down_at_the_first_look()
    {
        var builder = new BatchBuilder(Some.Stored(configured: true) with { GoneSince = At(-60) }, Settings);
        Assert.Equal(0, builder.Build(Absent(0))[MetricCatalog.Up]);
    }

    [Fact]
    public void A_look_that_did_not_come_back_once_does_not_take_the_owner_away()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        var seen = builder.Build(Present(0, Owner(0, 1)));
        var batch = builder.NotObserved(At(5), "late");
        Assert.Equal(seen.Database, batch.Database);
        Assert.True(double.IsNaN(batch[MetricCatalog.Owned]));

        Assert.Null(builder.NotObserved(At(10), "late").Database.OwnerPid);
    }

    [Fact]
    public void A_file_system_that_hangs_makes_an_unexpected_database_unreadable_not_lost()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        builder.Build(Present(0, null));
        builder.NotObserved(At(5), "hangs");
        var batch = builder.NotObserved(At(10), "hangs");
        Assert.Equal(DatabaseState.Unreadable, batch.Database.State);
        Assert.Equal("hangs", batch.Database.Reason);
        Assert.Null(builder.GoneSince);
        Assert.True(double.IsNaN(batch[MetricCatalog.Up]));
    }

    [Fact]
    public void A_database_is_expected_once_it_had_an_owner_long_enough_together()
    {
        var builder = new BatchBuilder(Some.Stored() with { OwnedSeconds = 10 }, Settings);
        builder.Build(Present(0, Owner(0, 1)));
        builder.Build(Present(5, Owner(5, 1)));
        builder.Build(Present(10, null));
        builder.Build(Present(15, Owner(15, 1)));
        Assert.False(builder.Expected);
        builder.Build(Present(20, Owner(20, 1)));
        Assert.True(builder.Expected);
    }

    [Fact]
    public void Time_in_which_nobody_watched_is_not_counted_as_owned()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        builder.Build(Present(0, Owner(0, 1)));
        builder.Build(Present(3600, Owner(3600, 1)));
        Assert.Equal(0, builder.OwnedSeconds);
    }

    [Fact]
    public void Gone_for_long_it_may_be_forgotten_unless_it_is_configured()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        builder.Build(Absent(0));
        Assert.False(builder.MayBeForgotten(At(3599)));
        Assert.True(builder.MayBeForgotten(At(3600)));
        var configured = new BatchBuilder(Some.Stored(configured: true), Settings);
        configured.Build(Absent(0));
        Assert.False(configured.MayBeForgotten(At(99999)));
    }

    [Fact]
    public void The_description_is_shared_while_nothing_is_said_anew()
    {
        var builder = new BatchBuilder(Some.Stored(), Settings);
        var first = builder.Build(Present(0, Owner(0, 1)));
        Assert.Same(first.Database, builder.Build(Present(5, Owner(5, 2))).Database);
    }

    private static DateTimeOffset At(double seconds) => Some.Noon.AddSeconds(seconds);

    private static Reading Absent(double seconds) => new(Some.Orders, At(seconds), Presence.Absent, "there is no file");

    private static Reading Present(double seconds, OwnerReading? owner) => new(Some.Orders, At(seconds), Presence.Present)
    {
        File = new FileReading(new FileIdentity(1, 2), 274432),
        Wal = new WalReading(0, 0),
        Owned = owner is not null,
        Owner = owner,
        Owners = owner is null ? 0 : 1,
    };

    private static OwnerReading Owner(double seconds, double cpu, int pid = 7) => new(pid, At(-100 - pid), At(seconds)) { CpuSeconds = cpu, CpuLimitCores = 4, ResidentBytes = 1 };
}

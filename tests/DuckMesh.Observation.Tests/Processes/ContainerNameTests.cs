using System.Globalization;
using DuckMesh.Observation.Processes;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Observation.Tests.Processes;

public sealed class ContainerNameTests : IDisposable
{
    private const string ShortId = "6f26ce09cca6";
    private const string Id = "6f26ce09cca61e677dac08c09ecf65b46f26ce09cca61e677dac08c09ecf65b4";

    private readonly ProcTree _tree = new();
    private readonly FakeTimeProvider _time = new();

    public ContainerNameTests()
    {
        _tree.AddProcess();
        _tree.Of("cgroup", $"0::/system.slice/docker-{Id}.scope\n");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("shop-db\n", "shop-db")]
    [InlineData("shop db/\u00e4\n", "shop-db--")]
    [InlineData(ShortId + "\n", ShortId)]
    [InlineData("the-host\n", ShortId)]
    [InlineData("", ShortId)]
    [InlineData("...\n", ShortId)]
    public void A_container_has_the_host_name_that_it_was_given_else_its_id(string hostName, string container)
    {
        _tree.Of("root/etc/hostname", hostName);

        Assert.Equal(container, _tree.Reader(_time).ContainerOf(ProcTree.Pid));
    }

    [Fact]
    public void A_name_is_not_longer_than_a_dns_label()
    {
        _tree.Of("root/etc/hostname", new string('n', 500));

        Assert.Equal(new string('n', 63), _tree.Reader(_time).ContainerOf(ProcTree.Pid));
    }

    [Fact]
    public void Podman_tells_the_name_itself()
    {
        _tree.Of("root/etc/hostname", "other\n");
        _tree.Of("root/run/.containerenv", $"engine=\"podman-4.9.3\"\nname=\"shop\"\nid=\"{Id}\"\n");

        Assert.Equal("shop", _tree.Reader(_time).ContainerOf(ProcTree.Pid));
    }

    [Fact]
    public void The_containers_of_a_pod_are_told_apart_by_their_ids()
    {
        _tree.Of("cgroup", $"0::/kubepods/burstable/pod1/{Id}\n");
        _tree.Of("root/etc/hostname", "pod-of-two\n");

        Assert.Equal(ShortId, _tree.Reader(_time).ContainerOf(ProcTree.Pid));
    }

    [Fact]
    public void Outside_of_containers_a_host_name_means_nothing()
    {
        _tree.Of("cgroup", "0::/system.slice/app.service\n");
        _tree.Of("root/etc/hostname", "renamed-at-run-time\n");

        Assert.Null(_tree.Reader(_time).ContainerOf(ProcTree.Pid));
    }

    [Fact]
    public void A_link_that_leads_out_of_the_container_is_not_followed()
    {
        _tree.Write("secret", "host-secret\n");
        _tree.Of("root/etc/other", "");
        File.CreateSymbolicLink(Path.Combine(_tree.Folder, "proc", ProcTree.Pid.ToString(CultureInfo.InvariantCulture), "root/etc/hostname"), Path.Combine(_tree.Folder, "secret"));

        Assert.Equal(ShortId, _tree.Reader(_time).ContainerOf(ProcTree.Pid));
    }

    [Fact]
    public void A_container_keeps_its_name_while_it_lives()
    {
        _tree.Of("root/etc/hostname", "first\n");
        var reader = _tree.Reader(_time);
        Assert.Equal("first", reader.ContainerOf(ProcTree.Pid));
        _tree.Of("root/etc/hostname", "second\n");
        _time.Advance(ProcessReader.SettingFor * 2);

        Assert.Equal("first", reader.ContainerOf(ProcTree.Pid));
    }
}

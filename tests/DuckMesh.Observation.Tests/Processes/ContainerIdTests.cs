using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Tests.Processes;

public sealed class ContainerIdTests
{
    private const string Id = "6f26ce09cca61e677dac08c09ecf65b46f26ce09cca61e677dac08c09ecf65b4";

    [Theory]
    [InlineData("/system.slice/docker-" + Id + ".scope")]
    [InlineData("/docker/" + Id)]
    [InlineData("/docker/" + Id + "/init.scope")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b.slice/cri-containerd-" + Id + ".scope")]
    [InlineData("/kubepods/besteffort/pod0a1b2c3d-0000-1111-2222-333344445555/" + Id)]
    [InlineData("/kubepods.slice/kubepods-pod1.slice/crio-" + Id + ".scope")]
    [InlineData("/kubepods-burstable-pod1.slice:cri-containerd:" + Id)]
    [InlineData("/machine.slice/libpod-" + Id + ".scope/container")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + Id + ".scope")]
    [InlineData("9:name=systemd:/\n4:memory:/docker/" + Id + "\n0::/\n")]
    public void Every_engine_writes_the_id_into_the_cgroup(string text) => Assert.Equal("6f26ce09cca6", ContainerId.Of(text));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/system.slice/cron.service")]
    [InlineData("/user.slice/user-1000.slice/session-2.scope")]
    [InlineData("/process_api/6f26ce09cca61e677dac08c09ecf65b4")]
    [InlineData("/machine.slice/libpod-conmon-" + Id + ".scope")]
    [InlineData("/docker/" + Id + "0")]
    [InlineData("/docker/G" + "f26ce09cca61e677dac08c09ecf65b46f26ce09cca61e677dac08c09ecf65b4")]
    public void What_is_no_container_has_no_id(string text) => Assert.Null(ContainerId.Of(text));

    [Fact]
    public void The_innermost_of_nested_containers_counts() =>
        Assert.Equal("6f26ce09cca6", ContainerId.Of("/docker/" + new string('a', 64) + "/docker/" + Id));
}

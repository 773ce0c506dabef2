using Akka.Configuration;
using CsCheck;
using DuckMesh.Cluster.Placement;

namespace DuckMesh.Cluster.Tests.Placement;

public sealed class NodeRolesTests
{
    /// <summary>Akka.Hosting writes roles into HOCON without quotes: an address, or a host with a bracket in its name, kept the node from starting.</summary>
    [Fact]
    public void Any_host_and_address_survives_the_way_through_hocon() => Gen.Select(Gen.String[Gen.Char[' ', '\u02ff'], 1, 20], Gen.OneOfConst("127.0.0.1:9642", "[::1]:80")).Sample((host, http) =>
    {
        string[] roles = ["monitor", NodeRoles.OfHost(host), NodeRoles.OfHttp(http)];
        var read = ConfigurationFactory.ParseString($"roles = [{string.Join(',', roles)}]").GetStringList("roles");
        Assert.Equal((host, http), (NodeRoles.HostOf(read), NodeRoles.HttpOf(read)));
    });

    [Fact]
    public void A_member_without_such_a_role_has_no_host() => Assert.Null(NodeRoles.HostOf(["monitor"]));
}

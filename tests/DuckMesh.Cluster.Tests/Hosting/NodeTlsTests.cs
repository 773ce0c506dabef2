using System.Security.Cryptography;
using DuckMesh.Cluster.Hosting;
using DuckMesh.Cluster.Tests.Postgres;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>Who may be a node: whole nodes with certificates.</summary>
[Collection(OnPostgres.Name)]
public sealed class NodeTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-tls-").FullName;
    private readonly PostgresFixture _postgres;
    private readonly TestAuthority _authority;

    public NodeTlsTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _authority = new TestAuthority(_folder, "authority");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_become_one_cluster()
    {
        await using var nodes = await MonitorNodes.StartAsync(await _postgres.DatabaseAsync(), 2, s => s with { Tls = _authority.Tls(s.Host) });

        Assert.All(nodes[0].Members, m => Assert.StartsWith("akka.ssl.tcp://", m, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_with_a_certificate_of_another_authority_is_not_let_in_and_the_refusal_is_logged()
    {
        var database = await _postgres.DatabaseAsync();
        var log = new KeptLog();
        var others = new TestAuthority(_folder, "others");
        await using var first = await MonitorNode.StartAsync(database, "h1", log: log, change: s => s with { Tls = _authority.Tls(s.Host) });
        await first.ReadyAsync();

        await using var stranger = await MonitorNode.StartAsync(database, "h2", log: log, change: s => s with { Tls = others.Tls(s.Host) });
        await log.SeesAsync("no certificate of this cluster's authority", MonitorNode.Deadline);

        Assert.Empty(stranger.Cluster.State.Members);
        Assert.Single(first.Members);
    }

    [Fact]
    public async Task A_node_without_certificates_is_refused_with_one_line_by_a_cluster_that_has_them()
    {
        var database = await _postgres.DatabaseAsync();
        await using var first = await MonitorNode.StartAsync(database, "h1", change: s => s with { Tls = _authority.Tls(s.Host) });
        await first.ReadyAsync();

        await using var plain = await MonitorNode.StartAsync(database, "h2");
        await plain.EndedAsync();

        Assert.Equal(2, plain.Status.End!.ExitCode);
        Assert.Contains("give all nodes the key tls, or none", plain.Status.End.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        var others = new TestAuthority(_folder, "others");
        var (certificate, key) = _authority.Issue("n1");
        var (_, otherKey) = others.Issue("n2");
        var (late, lateKey) = _authority.Issue("n3", DateTimeOffset.UtcNow.AddHours(-1));

        Assert.NotNull(NodeTls.Load(certificate, key, _authority.AuthorityFile));
        Assert.ThrowsAny<CryptographicException>(() => NodeTls.Load(certificate, key, others.AuthorityFile));
        Assert.ThrowsAny<Exception>(() => NodeTls.Load(certificate, otherKey, _authority.AuthorityFile));
        Assert.ThrowsAny<CryptographicException>(() => NodeTls.Load(late, lateKey, _authority.AuthorityFile));
        Assert.ThrowsAny<CryptographicException>(() => NodeTls.Load(certificate, key, key));
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace DuckMesh.Cluster.Hosting;

/// <summary>
/// How nodes prove to each other that they belong to one cluster: each has a certificate of the cluster's own authority and asks for the other's. Whoever has such a
/// certificate may command every node, so the authority must issue them for this cluster alone.
/// </summary>
public sealed class NodeTls
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authority;

    private NodeTls(X509Certificate2 certificate, X509Certificate2Collection authority)
    {
        _certificate = certificate;
        _authority = authority;
    }

    /// <summary>From PEM files.</summary>
    /// <exception cref="IOException">A file can't be read; so also <see cref="UnauthorizedAccessException"/>.</exception>
    /// <exception cref="CryptographicException">A file is not what it should be, or the certificate is not the authority's, or not valid now.</exception>
    /// <exception cref="ArgumentException">The key is another certificate's.</exception>
    public static NodeTls Load(string certificate, string key, string authority)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(File.ReadAllText(authority));
        if (authorities.Count == 0) throw new CryptographicException($"{authority} has no certificate");
        var tls = new NodeTls(X509Certificate2.CreateFromPem(File.ReadAllText(certificate), File.ReadAllText(key)), authorities);
        return tls.Trusts(tls._certificate) ? tls : throw new CryptographicException($"{certificate} is not issued by {authority}, or not valid now");
    }

    public DotNettySslSetup Setup() => new(_certificate, suppressValidation: false, requireMutualAuthentication: true, (peer, _, remote, _, log) =>
    {
        if (peer is not null && Trusts(peer)) return true;
        log.Warning("{Remote} was refused: it has no certificate of this cluster's authority", remote);
        return false;
    });

    /// <summary>By this authority alone, whatever the machine trusts besides.</summary>
    private bool Trusts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;   // a private authority publishes no lists
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }
}

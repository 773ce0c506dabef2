using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DuckMesh.Cluster.Hosting;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>An authority that issues certificates for nodes, in PEM files of a folder.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UtcNow.AddDays(-2);
    private static readonly DateTimeOffset End = DateTimeOffset.UtcNow.AddDays(1);

    private readonly string _folder;
    private readonly string _certificate;
    private readonly string _key;

    public TestAuthority(string folder, string name)
    {
        _folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(Begin, End);
        _certificate = certificate.ExportCertificatePem();
        _key = key.ExportPkcs8PrivateKeyPem();
        AuthorityFile = Path.Combine(folder, $"{name}.crt");
        File.WriteAllText(AuthorityFile, _certificate);
    }

    /// <summary>Its own certificate.</summary>
    public string AuthorityFile { get; }

    /// <returns>The files of a new certificate and its key.</returns>
    public (string Certificate, string Key) Issue(string node, DateTimeOffset? end = null)
    {
        using var authority = X509Certificate2.CreateFromPem(_certificate, _key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={node}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.Create(authority, Begin, end ?? End, RandomNumberGenerator.GetBytes(8));
        var files = (Path.Combine(_folder, $"{node}.crt"), Path.Combine(_folder, $"{node}.key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public NodeTls Tls(string node)
    {
        var (certificate, key) = Issue(node);
        return NodeTls.Load(certificate, key, AuthorityFile);
    }
}

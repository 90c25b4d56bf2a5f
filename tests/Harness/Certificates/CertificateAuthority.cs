using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgAutoFailover.Harness.Certificates;

/// <summary>An authority that exists for one test: it signs certificates, good and bad ones, and revokes them.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly CertificateRevocationListBuilder _revoked = new();
    private int _lastSerialNumber;

    public CertificateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    /// <summary>The authority's own certificate, as <c>ssl_ca_file</c> and <c>sslrootcert</c> want it.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>What is revoked so far, as <c>ssl_crl_file</c> and <c>sslcrl</c> want it.</summary>
    public string RevocationListPem => PemEncoding.WriteString(
        "X509 CRL", _revoked.Build(_certificate, crlNumber: 1, Now.AddDays(1), HashAlgorithmName.SHA256)) + "\n";

    /// <summary>A server's certificate for a host name, or a client's for a role.</summary>
    /// <param name="name">Common name; of a server also its alternative name.</param>
    /// <param name="days">How long it is valid; a negative number has it expired that long ago.</param>
    public IssuedCertificate Issue(string name, bool isServer = true, int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(isServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], critical: false));
        if (isServer)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        byte[] serialNumber = BitConverter.GetBytes(++_lastSerialNumber);
        using X509Certificate2 certificate = request.Create(_certificate, Now.AddDays(-60), Now.AddDays(days), serialNumber);
        return new IssuedCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", certificate.GetCertHashString(), serialNumber);
    }

    public void Revoke(IssuedCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _revoked.AddEntry(certificate.SerialNumber.Span, Now.AddHours(-1));
    }

    public void Dispose() => _certificate.Dispose();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}

/// <summary>A certificate and its key.</summary>
public sealed record IssuedCertificate(string Pem, string KeyPem, string Thumbprint, ReadOnlyMemory<byte> SerialNumber)
{
    /// <summary>Writes NAME.crt and NAME.key, the key for its owner alone.</summary>
    public void WriteTo(string directory, string name)
    {
        File.WriteAllText(Path.Combine(directory, name + ".crt"), Pem);
        string key = Path.Combine(directory, name + ".key");
        File.WriteAllText(key, KeyPem);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

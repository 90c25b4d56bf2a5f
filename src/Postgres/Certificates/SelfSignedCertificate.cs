using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Certificates;

/// <summary>
/// A certificate that encrypts and proves nothing about whom one talks to: what <c>--ssl-self-signed</c> asks for. Made again where
/// the one in the data directory was copied from another node. One that an authority has signed is an operator's, and stays.
/// </summary>
internal sealed class SelfSignedCertificate(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_validity = TimeSpan.FromDays(365);

    /// <summary>True when one was made.</summary>
    public bool Ensure(PostgresOptions options)
    {
        var certificateFile = options.Ssl.CertFile ?? Path.Combine(options.PgData, "server.crt");
        var keyFile = options.Ssl.KeyFile ?? Path.Combine(options.PgData, "server.key");
        if (File.Exists(keyFile) && IsToStay(certificateFile, options.HostName))
        {
            return false;
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={options.HostName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = time.GetUtcNow();

        // Clocks differ a little between nodes: valid since an hour ago.
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromHours(1), now + s_validity);
        AtomicFile.Replace(keyFile, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        AtomicFile.Replace(certificateFile, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
        Log.CreatedCertificate(logger, options.HostName, certificateFile);
        return true;
    }

    private static bool IsToStay(string file, string hostName)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == hostName || certificate.Issuer != certificate.Subject;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

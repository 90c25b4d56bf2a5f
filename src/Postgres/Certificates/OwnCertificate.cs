using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Certificates;

/// <summary>
/// Certificate and key that an operator wants a server to show, looked at before they are put into a configuration: PostgreSQL goes on with
/// what it had when it cannot load them, with a line in its log that nobody reads, and at its next start does not start.
/// </summary>
public static class OwnCertificate
{
    // A key that belongs to root may be read by a group, for keys that several programs share.
    private const UnixFileMode Unfit =
        UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>What is wrong with them, null where nothing is, or where none are configured.</summary>
    /// <param name="hostName">The name by which others reach the server.</param>
    public static string? Problem(SslOptions ssl, string hostName, TimeProvider time)
    {
        if (ssl is not { Active: true, SelfSigned: false, CertFile: { } certificateFile, KeyFile: { } keyFile })
        {
            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            return chain.Count == 0 ? $"\"{certificateFile}\" holds no certificate"
                : WhyKeyIsUnfit(keyFile, chain[0]) is { } key ? $"The key \"{keyFile}\" cannot be used: {key}"
                : WhyCertificateIsUnfit(ssl, chain, hostName, time) is { } reason ? $"The certificate \"{certificateFile}\" would be refused by others: {reason}"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"\"{certificateFile}\" cannot be read as a certificate: {e.Message}";
        }
    }

    /// <summary>Thumbprint of the certificate that a server with these settings shows; null where it shows none, or none that can be read yet.</summary>
    public static string? ThumbprintOf(SslOptions ssl)
    {
        if (ssl is not { Active: true, CertFile: { } file })
        {
            return null;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return certificate.Thumbprint;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    private static string? WhyCertificateIsUnfit(SslOptions ssl, X509Certificate2Collection chain, string hostName, TimeProvider time)
    {
        if (ssl.Verifies)
        {
            return new ServerCertificateCheck(ssl.CaFile, ssl.CrlFile).WhyRefused(chain[0], chain, ssl.Mode == "verify-full" ? hostName : null);
        }

        return chain[0].NotAfter < time.GetLocalNow().DateTime ? $"it has expired, on {chain[0].NotAfter:yyyy-MM-dd HH:mm:ss}" : null;
    }

    private static string? WhyKeyIsUnfit(string keyFile, X509Certificate2 certificate)
    {
        if ((File.GetUnixFileMode(keyFile) & Unfit) != UnixFileMode.None)
        {
            return "other users have access to it, which PostgreSQL refuses; it wants mode 0600";
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), File.ReadAllText(keyFile));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // A key with a passphrase is none that PostgreSQL could load without somebody at its terminal.
            return "it is not the unencrypted private key of the certificate";
        }
    }
}

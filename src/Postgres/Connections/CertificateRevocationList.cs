using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>
/// libpq's <c>sslcrl</c>: a file of revoked certificates. .NET checks revocation only against what a certificate authority
/// publishes, so the file is read here. Only the list's serial numbers are looked at: as in libpq, whoever can write the file
/// can revoke.
/// </summary>
internal static class CertificateRevocationList
{
    /// <summary>Adds the check of <paramref name="path"/> to whatever else is verified. A list that cannot be read refuses every server.</summary>
    public static void AddTo(SslClientAuthenticationOptions options, string path)
    {
        var others = options.RemoteCertificateValidationCallback;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            (others is null ? errors == SslPolicyErrors.None : others(sender, certificate, chain, errors))
            && certificate is not null
            && !Contains(path, certificate);
    }

    private static bool Contains(string path, X509Certificate certificate)
    {
        // The type that builds such lists is the one that reads them: removing tells whether the serial number was there.
        var list = CertificateRevocationListBuilder.LoadPem(File.ReadAllText(path), out _);
        var serialNumber = certificate.GetSerialNumber();
        Array.Reverse(serialNumber);
        return list.RemoveEntry(serialNumber);
    }
}

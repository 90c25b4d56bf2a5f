using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>
/// libpq's <c>sslcrl</c>: a file of revoked certificates, one list or several. .NET checks revocation only against what a certificate authority
/// publishes, so the file is read here. Only serial numbers are looked at: as in libpq, whoever can write the file can revoke.
/// </summary>
internal static class CertificateRevocationList
{
    private const string Label = "X509 CRL";

    /// <exception cref="CryptographicException">The file holds no list.</exception>
    public static bool Contains(string path, X509Certificate2 certificate)
    {
        var rest = File.ReadAllText(path).AsSpan();
        var lists = 0;
        var found = false;
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (rest[block.Label].SequenceEqual(Label))
            {
                lists++;

                // The type that builds such lists is the one that reads them: removing tells whether the serial number was there.
                found |= CertificateRevocationListBuilder.LoadPem(rest[block.Location], out _).RemoveEntry(certificate.SerialNumberBytes.Span);
            }

            rest = rest[block.Location.End..];
        }

        return lists > 0 ? found : throw new CryptographicException("it holds no list of revoked certificates");
    }
}

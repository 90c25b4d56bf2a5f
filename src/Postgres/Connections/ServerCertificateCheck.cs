using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>
/// Whether a server's certificate is accepted, by libpq's rules for <c>sslrootcert</c>, <c>sslcrl</c> and the host name. .NET would check the same
/// and say only that it refuses; an operator who has just replaced a certificate needs to know why.
/// </summary>
/// <param name="CaFile">Authorities that are trusted, and no others; null for those that the system trusts.</param>
/// <param name="CrlFile">Certificates that are revoked; null for none.</param>
internal sealed record ServerCertificateCheck(string? CaFile, string? CrlFile)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Has a connection refuse what this refuses, and say why.</summary>
    /// <param name="host">The name that the certificate must be for (<c>verify-full</c>); null where any is good.</param>
    public void AddTo(SslClientAuthenticationOptions options, string? host) =>
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            WhyRefused(certificate, chain?.ChainPolicy.ExtraStore ?? [], host) is { } reason ? throw new AuthenticationException(reason) : true;

    /// <summary>Has a connection refuse a certificate that is revoked, and leave the rest to whoever checks it already.</summary>
    public void AddRevocationTo(SslClientAuthenticationOptions options)
    {
        var others = options.RemoteCertificateValidationCallback;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            WhyRevoked(certificate is null ? null : new X509Certificate2(certificate)) is { } reason
                ? throw new AuthenticationException(reason)
                : others is null ? errors == SslPolicyErrors.None : others(sender, certificate, chain, errors);
    }

    /// <summary>What is wrong with a certificate, null where it is accepted.</summary>
    /// <param name="sent">Certificates of intermediate authorities that came with it.</param>
    /// <param name="host">Null where any name is good.</param>
    public string? WhyRefused(X509Certificate? certificate, X509Certificate2Collection sent, string? host)
    {
        if (certificate is null)
        {
            return "there is none";
        }

        using var own = new X509Certificate2(certificate);
        return WhyNotTrusted(own, sent) ?? WhyRevoked(own)
            ?? (host is null || own.MatchesHostname(host) ? null : $"it is for {string.Join(", ", NamesOf(own))}, not for \"{host}\"");
    }

    private string? WhyNotTrusted(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        policy.ExtraStore.AddRange(sent);
        if (CaFile is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            if (WhyUnreadable(CaFile, () => policy.CustomTrustStore.ImportFromPemFile(CaFile)) is { } problem)
            {
                return problem;
            }
        }

        if (chain.Build(certificate))
        {
            return null;
        }

        // The earliest in the chain that has something: of a certificate that has expired, its authority is no concern.
        foreach (var element in chain.ChainElements)
        {
            foreach (var status in element.ChainElementStatus)
            {
                return Describe(status, element.Certificate, policy.VerificationTime, element.Certificate.Equals(certificate));
            }
        }

        return NotSigned;
    }

    private string NotSigned => CaFile is null
        ? "it is not signed by an authority that this system trusts"
        : $"it is not signed by an authority of \"{CaFile}\"";

    private string Describe(X509ChainStatus status, X509Certificate2 certificate, DateTime now, bool isOwn)
    {
        var which = isOwn ? "it" : $"that of its authority \"{certificate.Subject}\"";
        return status.Status switch
        {
            X509ChainStatusFlags.NotTimeValid when certificate.NotAfter < now => $"{which} has expired, on {certificate.NotAfter:yyyy-MM-dd HH:mm:ss}",
            X509ChainStatusFlags.NotTimeValid => $"{which} is valid from {certificate.NotBefore:yyyy-MM-dd HH:mm:ss} on only",
            X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot => NotSigned,
            X509ChainStatusFlags.NotValidForUsage => $"{which} is not meant for servers",
            _ => $"{which} is not valid: {status.StatusInformation.Trim()}",
        };
    }

    private string? WhyRevoked(X509Certificate2? certificate)
    {
        if (CrlFile is null || certificate is null)
        {
            return null;
        }

        var revoked = true;
        return WhyUnreadable(CrlFile, () => revoked = CertificateRevocationList.Contains(CrlFile, certificate))
            ?? (revoked ? $"it is revoked: \"{CrlFile}\" lists its serial number {certificate.SerialNumber}" : null);
    }

    /// <summary>A file that cannot be read refuses every certificate: there is nothing left by which one could be accepted.</summary>
    private static string? WhyUnreadable(string file, Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"\"{file}\", by which it is checked, cannot be read: {e.Message}";
        }
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return alternatives is null
            ? [$"\"{certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)}\""]
            : alternatives.EnumerateDnsNames().Concat(alternatives.EnumerateIPAddresses().Select(a => a.ToString())).Select(n => $"\"{n}\"");
    }
}

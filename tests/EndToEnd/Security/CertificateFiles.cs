using System.Globalization;
using Npgsql;
using PgAutoFailover.Harness.Certificates;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Security;

/// <summary>Certificates of a test's authority, where an operator would put them: beside the data directories, and a client's in the home directory.</summary>
internal sealed class CertificateFiles(Cluster cluster, CertificateAuthority authority)
{
    private string Directory => cluster.Files.Under("certificates");

    internal string CaFile => Path.Combine(Directory, "ca.crt");

    internal string CrlFile => Path.Combine(Directory, "ca.crl");

    internal string CertificateOf(TestNode node) => Path.Combine(Directory, node.Name + ".crt");

    internal string KeyOf(TestNode node) => Path.Combine(Directory, node.Name + ".key");

    /// <summary>The options by which a command is told of them.</summary>
    internal string[] OptionsFor(TestNode node) =>
        ["--ssl-ca-file", CaFile, "--ssl-crl-file", CrlFile, "--server-cert", CertificateOf(node), "--server-key", KeyOf(node)];

    internal async Task WriteAuthorityAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
        await File.WriteAllTextAsync(CaFile, authority.Pem, cancellationToken);
        await File.WriteAllTextAsync(CrlFile, authority.RevocationListPem, cancellationToken);
        await ClusterDirectory.GiveToOwnerAsync(Directory, cancellationToken);
    }

    internal async Task WriteAsync(TestNode node, IssuedCertificate certificate, CancellationToken cancellationToken)
    {
        certificate.WriteTo(Directory, node.Name);
        await ClusterDirectory.GiveToOwnerAsync(Directory, cancellationToken);
    }

    /// <summary>Where libpq and the driver look for what they show to servers.</summary>
    internal async Task WriteClientAsync(IssuedCertificate certificate, CancellationToken cancellationToken)
    {
        string home = cluster.Files.Under("home/.postgresql");
        System.IO.Directory.CreateDirectory(home);
        certificate.WriteTo(home, "postgresql");
        await ClusterDirectory.GiveToOwnerAsync(home, cancellationToken);
    }

    /// <summary>Thumbprint of what a server shows to whoever connects; null where it does not encrypt.</summary>
    internal static async Task<string?> ShownByAsync(TestNode node, CancellationToken cancellationToken)
    {
        string? thumbprint = null;
        await using var connection = new NpgsqlConnection(string.Create(
            CultureInfo.InvariantCulture, $"Host={node.Host.Address};Port={node.Port};Username=anybody;SSL Mode=Require;Pooling=false;Timeout=5"));
        connection.SslClientAuthenticationOptionsCallback = options => options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            thumbprint = certificate?.GetCertHashString();
            return false;
        };
        await Should.ThrowAsync<NpgsqlException>(() => connection.OpenAsync(cancellationToken));
        return thumbprint;
    }
}

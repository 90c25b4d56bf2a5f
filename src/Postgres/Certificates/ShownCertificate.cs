using Npgsql;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Postgres.Certificates;

/// <summary>The certificate that a server shows to whoever connects: what it has really loaded, whatever its settings say.</summary>
public static class ShownCertificate
{
    /// <summary>Its thumbprint; null where the server does not encrypt, or does not answer.</summary>
    public static async Task<string?> ThumbprintAsync(HostAndPort server, CancellationToken cancellationToken)
    {
        string? thumbprint = null;
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Username = "pg_autoctl",
            SslMode = SslMode.Require,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Timeout = 2,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.SslClientAuthenticationOptionsCallback = options => options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            // It has been seen: nothing is left to be said in this session.
            thumbprint = certificate?.GetCertHashString();
            return false;
        };
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // The way in which every attempt ends.
        }

        return thumbprint;
    }
}

using System.Globalization;
using System.Security.Authentication;
using Npgsql;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>
/// From libpq's URI to Npgsql's settings. A password that the URI lacks is left to Npgsql, which looks at PGPASSWORD and the
/// password file as libpq does.
/// </summary>
public static class ConnectionUriExtensions
{
    // Parameters that say nothing to this driver, or that the caller sets in its own way.
    private static readonly HashSet<string> s_ignored = new(StringComparer.Ordinal)
    {
        "application_name", "fallback_application_name", "sslcompression", "sslsni", "keepalives",
        "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "client_encoding",
    };

    /// <summary>A connection that is not open yet, with the settings of the URI and with <paramref name="adjust"/> applied to them.</summary>
    /// <exception cref="FormatException">A parameter is unknown or has a value that it cannot have.</exception>
    public static NpgsqlConnection CreateConnection(
        this ConnectionUri uri, string applicationName, Action<NpgsqlConnectionStringBuilder>? adjust = null)
    {
        var settings = uri.ToConnectionString(applicationName);
        adjust?.Invoke(settings);
        var crl = uri["sslcrl"] ?? ConnectionEnvironment.MissingFrom(uri).FirstOrDefault(m => m.Parameter == "sslcrl").Value;
        var check = new ServerCertificateCheck(settings.RootCertificate ?? DefaultRootCertificate(), crl);
        var (verifies, withHostName) = (settings.SslMode is SslMode.VerifyCA or SslMode.VerifyFull, settings.SslMode == SslMode.VerifyFull);
        if (verifies)
        {
            // The driver takes a check of ours only in place of its own.
            (settings.SslMode, settings.RootCertificate) = (SslMode.Require, null);
        }

        var connection = new NpgsqlConnection(settings.ConnectionString);
        var wantsNewest = uri["ssl_min_protocol_version"] == "TLSv1.3";
        if (verifies || wantsNewest || check.CrlFile is not null)
        {
            connection.SslClientAuthenticationOptionsCallback = options =>
            {
                if (verifies)
                {
                    check.AddTo(options, withHostName ? NameOf(uri, options.TargetHost) : null);
                }
                else if (check.CrlFile is not null)
                {
                    check.AddRevocationTo(options);
                }

                if (wantsNewest)
                {
                    options.EnabledSslProtocols = SslProtocols.Tls13; // nothing below 1.2 is spoken in any case
                }
            };
        }

        return connection;
    }

    /// <summary>The settings for one connection that is opened once and kept: no pool, no retries of its own.</summary>
    /// <exception cref="FormatException">A parameter is unknown or has a value that it cannot have.</exception>
    public static NpgsqlConnectionStringBuilder ToConnectionString(this ConnectionUri uri, string applicationName)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', uri.Hosts.Select(h => HostName.WithPort(h.Host, h.Port))),
            Username = uri.User,
            Password = uri.Password,
            Database = uri.Database ?? uri.User,
            ApplicationName = applicationName,
            Pooling = false,
            SslMode = SslMode.Prefer,

            // Asking a frozen server for GSS encryption is a wait that no timeout ends.
            GssEncryptionMode = GssEncryptionMode.Disable,

            // What the monitor says in DETAIL is written for the operator who sees it.
            IncludeErrorDetail = true,
        };

        if (uri.Hosts.Length == 1)
        {
            (builder.Host, builder.Port) = (uri.Hosts[0].Host, uri.Hosts[0].Port);
        }

        ApplyParameters(builder, uri);
        ApplyHostAddresses(builder, uri);

        // As libpq: with a root certificate at hand, "require" verifies the server's certificate.
        if (builder is { SslMode: SslMode.Require, RootCertificate: not null })
        {
            builder.SslMode = SslMode.VerifyCA;
        }

        if (PasswordFileInUse.TooOpen(builder.Passfile) is not null)
        {
            builder.Passfile = PasswordFileInUse.None;
        }

        return builder;
    }

    // Of several hosts, the driver says which one it speaks to: as it was given to it, an address where there is one, and one of IPv6 in brackets.
    private static string NameOf(ConnectionUri uri, string? target)
    {
        if (uri.Hosts is [var only])
        {
            return only.Host;
        }

        var spokenTo = target?.Trim('[', ']') ?? "";
        var index = Array.IndexOf(uri["hostaddr"]?.Split(',') ?? [], spokenTo);
        return index >= 0 ? uri.Hosts[index].Host : spokenTo;
    }

    // Where libpq looks for it.
    private static string? DefaultRootCertificate()
    {
        var usual = Path.Join(Environment.GetEnvironmentVariable("HOME"), ".postgresql", "root.crt");
        return File.Exists(usual) ? usual : null;
    }

    private static void ApplyParameters(NpgsqlConnectionStringBuilder builder, ConnectionUri uri)
    {
        foreach (var (key, value) in uri.Parameters)
        {
            try
            {
                Apply(builder, key, value);
            }
            catch (ArgumentException e)
            {
                throw new FormatException($"parameter \"{key}\" of the connection string cannot be \"{value}\"", e);
            }
        }

        foreach (var (key, value, variable) in ConnectionEnvironment.MissingFrom(uri))
        {
            try
            {
                Apply(builder, key, value);
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new FormatException($"{variable} cannot be \"{value}\"", e);
            }
        }
    }

    // Where to connect; the names remain what certificates are checked against.
    private static void ApplyHostAddresses(NpgsqlConnectionStringBuilder builder, ConnectionUri uri)
    {
        if (uri["hostaddr"]?.Split(',') is not { } addresses)
        {
            return;
        }

        if (addresses.Length != uri.Hosts.Length)
        {
            throw new FormatException("the connection string has not as many hostaddr as hosts");
        }

        builder.Host = addresses is [var only] ? only : string.Join(',', addresses.Select((a, i) => HostName.WithPort(a, uri.Hosts[i].Port)));
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        switch (key)
        {
            case "sslmode":
                builder.SslMode = ParseSslMode(value);
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "sslcert":
                builder.SslCertificate = value;
                break;
            case "sslkey":
                builder.SslKey = value;
                break;
            case "sslpassword":
                builder.SslPassword = value;
                break;
            case "sslcrl":
                // Checked by ServerCertificateCheck, which CreateConnection adds.
                break;
            case "channel_binding":
                builder.ChannelBinding = ParseChannelBinding(value);
                break;
            case "gssencmode" when value is not ("disable" or "prefer"):
                throw new FormatException($"gssencmode \"{value}\" is not possible: only TLS encrypts connections here");
            case "gssencmode":
                break;
            case "ssl_min_protocol_version" when value is not ("TLSv1" or "TLSv1.1" or "TLSv1.2" or "TLSv1.3"):
                throw new FormatException($"ssl_min_protocol_version \"{value}\" is not one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
            case "ssl_min_protocol_version":
                // CreateConnection sees to it.
                break;
            case "hostaddr":
                // Applied to all hosts at once.
                break;
            case "passfile":
                builder.Passfile = value;
                break;
            case "connect_timeout":
                builder.Timeout = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? Math.Clamp(seconds, 1, 1024)
                    : throw new FormatException($"connect_timeout \"{value}\" is not a number of seconds");
                break;
            case "target_session_attrs":
                builder.TargetSessionAttributes = value;
                break;
            case "options":
                builder.Options = value;
                break;
            default:
                if (!s_ignored.Contains(key))
                {
                    throw new FormatException($"parameter \"{key}\" of the connection string is not known");
                }

                break;
        }
    }

    private static ChannelBinding ParseChannelBinding(string value) => value switch
    {
        "disable" => ChannelBinding.Disable,
        "prefer" => ChannelBinding.Prefer,
        "require" => ChannelBinding.Require,
        _ => throw new FormatException($"channel_binding \"{value}\" is not one of disable, prefer, require"),
    };

    private static SslMode ParseSslMode(string value) => value switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new FormatException($"sslmode \"{value}\" is not one of disable, allow, prefer, require, verify-ca, verify-full"),
    };
}

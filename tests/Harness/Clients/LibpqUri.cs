using Npgsql;

namespace PgAutoFailover.Harness.Clients;

/// <summary>Turns the URI that pg_autoctl prints for libpq into what Npgsql takes.</summary>
public static class LibpqUri
{
    public static NpgsqlConnectionStringBuilder Parse(string uri, string user)
    {
        // postgres://[user[:password]@]host:port,host:port/database?key=value&key=value
        string rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        (rest, string? query) = SplitOnce(rest, '?');
        (string authority, string? database) = SplitOnce(rest, '/');
        int at = authority.LastIndexOf('@');
        (string named, string? password) = SplitOnce(at < 0 ? user : authority[..at], ':');
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = authority[(at + 1)..],
            Database = database is { Length: > 0 } ? Uri.UnescapeDataString(database) : "postgres",
            Username = Uri.UnescapeDataString(named),
            Password = password is null ? null : Uri.UnescapeDataString(password),
        };
        foreach (string pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            (string key, string? value) = SplitOnce(pair, '=');
            Apply(builder, key, Uri.UnescapeDataString(value ?? ""));
        }

        return builder;
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        switch (key)
        {
            case "target_session_attrs":
                builder.TargetSessionAttributes = value;
                break;
            case "sslmode":
                builder.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new FormatException($"sslmode {value} is unknown"),
                };
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "application_name":
                builder.ApplicationName = value;
                break;
            default:
                throw new FormatException($"the harness does not know the connection parameter {key}");
        }
    }

    private static (string Before, string? After) SplitOnce(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
}

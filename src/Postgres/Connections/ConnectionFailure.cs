using System.Net.Sockets;
using System.Security.Authentication;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>Why a server could not be reached, for a person: the driver's own words are those of its insides.</summary>
public static class ConnectionFailure
{
    private const string NoPassword = "No password has been provided";
    private const string Alert = "alert ";

    /// <summary>What happened.</summary>
    public static string Describe(Exception exception) =>
        Refusal(exception) is { } refusal ? $"its certificate is not accepted: {refusal.Message}"
        : RefusedCertificate(exception) is { } reason ? $"it does not accept the certificate of this side: {reason}"
        : LacksPassword(exception) ? "it asks for a password, and none is given" + WhyNotInFile()
        : Chain(exception).Last().Message;

    /// <summary>Whether it says why, rather than only that there is no connection.</summary>
    public static bool NamesCause(Exception exception) => Hint(exception, showsCertificate: false) is not null;

    /// <summary>What to do about it where that is known, else null.</summary>
    public static string? Hint(Exception exception) => Hint(exception, ShowsCertificate());

    internal static string? Hint(Exception exception, bool showsCertificate) =>
        Refusal(exception) is not null ? "Check sslmode, sslrootcert and sslcrl, and what the server's certificate says: openssl x509 -in FILE -noout -text"
        : RefusedCertificate(exception) is not null ? "Check ~/.postgresql/postgresql.crt and postgresql.key of this user, and ssl_ca_file and ssl_crl_file of the server"
        : LacksPassword(exception) ? "Give it in the connection string, in ~/.pgpass (PGPASSFILE) or in PGPASSWORD"
        : showsCertificate && IsReset(exception) ? "A server that does not accept the certificate of this side may hang up before it has said so: check ~/.postgresql/postgresql.crt, and the server's log"
        : null;

    // A check of ours, or the driver's own in a connection that takes none of ours.
    private static AuthenticationException? Refusal(Exception exception) =>
        RefusedCertificate(exception) is null ? Chain(exception).OfType<AuthenticationException>().LastOrDefault() : null;

    // A server that refuses a client's certificate says so in an alert of TLS: "... alert certificate revoked".
    private static string? RefusedCertificate(Exception exception) => Chain(exception)
        .Select(e => e.Message)
        .Where(m => m.Contains(Alert, StringComparison.Ordinal))
        .Select(m => m[(m.LastIndexOf(Alert, StringComparison.Ordinal) + Alert.Length)..])
        .FirstOrDefault(m => m.Contains("certificate", StringComparison.Ordinal) || m.Contains("unknown ca", StringComparison.Ordinal));

    private static bool IsReset(Exception exception) => Chain(exception).Any(e => e is SocketException { SocketErrorCode: SocketError.ConnectionReset } or EndOfStreamException);

    private static bool ShowsCertificate() =>
        Environment.GetEnvironmentVariable("PGSSLCERT") is { Length: > 0 }
        || File.Exists(Path.Join(Environment.GetEnvironmentVariable("HOME"), ".postgresql", "postgresql.crt"));

    private static bool LacksPassword(Exception exception) => Chain(exception).Any(e => e.Message.StartsWith(NoPassword, StringComparison.Ordinal));

    private static string WhyNotInFile() =>
        PasswordFileInUse.TooOpen(given: null) is { } file ? $": \"{file}\" is not used while others have access to it (chmod 0600)" : "";

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}

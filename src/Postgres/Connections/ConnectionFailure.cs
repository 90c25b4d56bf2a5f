using System.Security.Authentication;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>Why a server could not be reached, for a person: the driver's own words are those of its insides.</summary>
public static class ConnectionFailure
{
    private const string NoPassword = "No password has been provided";

    /// <summary>What happened.</summary>
    public static string Describe(Exception exception) =>
        Chain(exception).OfType<AuthenticationException>().Any()
            ? "its certificate is not accepted: it is not signed by an authority that sslrootcert names, is revoked, or is not for the host name that was asked for"
            : Chain(exception).FirstOrDefault(e => e.Message.StartsWith(NoPassword, StringComparison.Ordinal)) is not null
                ? "it asks for a password, and none is given"
                : Chain(exception).Last().Message;

    /// <summary>What to do about it where that is known, else null.</summary>
    public static string? Hint(Exception exception) =>
        Chain(exception).OfType<AuthenticationException>().Any()
            ? "Check sslmode and sslrootcert, and the names in the server's certificate"
            : Chain(exception).Any(e => e.Message.StartsWith(NoPassword, StringComparison.Ordinal))
                ? "Give it in the connection string, in ~/.pgpass (PGPASSFILE) or in PGPASSWORD"
                : null;

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}

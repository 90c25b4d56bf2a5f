using System.Globalization;

namespace PgAutoFailover.Promoter.Worker;

/// <summary>What the worker says first.</summary>
/// <param name="ServerVersion">PostgreSQL's version as a number, as <c>server_version_num</c>.</param>
/// <param name="SystemIdentifier">What tells this cluster from all others; the primary has the same.</param>
/// <param name="Remembered">What the program before this one gave to be remembered; empty if there was none.</param>
internal sealed record Hello(int ServerVersion, string SystemIdentifier, string Remembered)
{
    /// <exception cref="FormatException">The worker is of another version.</exception>
    public static Hello Parse(string[] fields, string protocolVersion) =>
        fields.Length == 5 && fields[1] == protocolVersion
            ? new Hello(int.Parse(fields[2], CultureInfo.InvariantCulture), fields[3], fields[4])
            : throw new FormatException("the worker and the program pg_promoter are of different versions: restart the server after an upgrade");
}

using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// The configured password of the replication role, in libpq's format for password files, for the walreceiver. Not in <c>primary_conninfo</c> itself: the server
/// writes the value of a setting that has changed into its log. Beside the data directory, since a base backup would take it along.
/// </summary>
internal static class PasswordFile
{
    public static string PathOf(PostgresOptions options) => FileBeside.PathOf(options, "pgpass");

    /// <summary>Writes it, or removes it where no password is configured. True when anything changed.</summary>
    public static bool Write(PostgresOptions options, string role)
    {
        if (options.ReplicationPassword is not { Length: > 0 } password)
        {
            return AtomicFile.Delete(PathOf(options));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(options))!); // a file has a directory
        return AtomicFile.Write(PathOf(options), $"*:*:*:{Escape(role)}:{Escape(password)}\n");
    }

    private static string Escape(string field) =>
        field.Replace("\\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);
}

using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// The configured password of the replication role, in libpq's format for password files: for the walreceiver, and as the note of what has been taken up. Not in <c>primary_conninfo</c> itself: the server
/// writes the value of a setting that has changed into its log. Beside the data directory, since a base backup would take it along.
/// </summary>
internal static class PasswordFile
{
    public static string PathOf(PostgresOptions options) => FileBeside.PathOf(options, "pgpass");

    /// <summary>Writes it, or removes it where no password is configured. True when anything changed.</summary>
    public static bool Write(PostgresOptions options, string role)
    {
        if (Content(options, role) is not { } content)
        {
            return AtomicFile.Delete(PathOf(options));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(options))!); // a file has a directory
        return AtomicFile.Write(PathOf(options), content);
    }

    /// <summary>Whether a password of the replication role is configured that has not been taken up.</summary>
    public static bool Differs(PostgresOptions options) =>
        !options.IsForeign && Content(options, Conninfo.Replicator) is { } content && (!File.Exists(PathOf(options)) || File.ReadAllText(PathOf(options)) != content);

    private static string? Content(PostgresOptions options, string role) =>
        options.ReplicationPassword is { Length: > 0 } password ? $"*:*:*:{Escape(role)}:{Escape(password)}\n" : null;

    private static string Escape(string field) =>
        field.Replace("\\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);
}

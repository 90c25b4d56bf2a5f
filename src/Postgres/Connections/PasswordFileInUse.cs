namespace PgAutoFailover.Postgres.Connections;

/// <summary>
/// libpq's password file. The driver reads it whoever else may; libpq does not, and so does nobody here: an operator must not find out by a standby, which
/// libpq connects, that what works for every command does not work for PostgreSQL.
/// </summary>
internal static class PasswordFileInUse
{
    /// <summary>A password file in which nothing is found.</summary>
    public const string None = "/dev/null";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The file that would be read, where others have access to it; else null.</summary>
    /// <param name="given">By the connection string.</param>
    public static string? TooOpen(string? given)
    {
        var file = given ?? Environment.GetEnvironmentVariable("PGPASSFILE") switch
        {
            { Length: > 0 } variable => variable,
            _ => Path.Join(Environment.GetEnvironmentVariable("HOME"), ".pgpass"),
        };
        return file != None && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None ? file : null;
    }
}

using System.Globalization;
using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// A <c>postmaster.pid</c> that outlived its postmaster, as it does when a host or a container is lost. After the next boot its number may be that of
/// any process, or thread, of the same account: in a container, where the numbers begin at 1 again, it often is. PostgreSQL would then take that one
/// for a live postmaster and refuse to start, for good. It makes an exception of the process that <c>pg_ctl</c> names to it in this variable, and so
/// do we; what else it looks at, such as shared memory that is still in use, and a postmaster that comes in between, counts as ever.
/// </summary>
internal static class LeftBehind
{
    private const string Variable = "PG_GRANDPARENT_PID";

    /// <summary>For the environment of a program that starts PostgreSQL; null where no file was left behind.</summary>
    public static (string Name, string Value)? Exception(string pgData) =>
        PostmasterPidFile.Read(pgData) is { } file && !Postmaster.IsPostgresOf(file.Pid, CanonicalPath.Of(pgData))
            ? (Variable, file.Pid.ToString(CultureInfo.InvariantCulture))
            : null;
}

using PgAutoFailover.Postgres.Discovery;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Backups;

/// <summary>
/// A copy can only be started by programs of the version that it was copied from. To be asked before a copy is made: <c>pg_basebackup</c> itself
/// looks at the server's version only once what it is to replace has been removed.
/// </summary>
internal static class SameMajorVersion
{
    /// <exception cref="PostgresException">The upstream is of another major version, or does not answer.</exception>
    public static async Task RequireAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        var pgCtl = options.Program("pg_ctl");
        var own = await PgCtlSearch.ReadMajorVersionAsync(pgCtl, cancellationToken);
        var theirs = await UpstreamClient.ReadMajorVersionAsync(options, upstream, cancellationToken);
        if (own != theirs)
        {
            throw new PostgresException(
                $"{upstream} runs PostgreSQL {theirs}, \"{pgCtl}\" belongs to PostgreSQL {own}: the nodes of a group are of one major version",
                $"Nothing was changed in \"{options.PgData}\". Run \"pg_autoctl create postgres\" again with --pgctl of PostgreSQL {theirs}");
        }
    }
}

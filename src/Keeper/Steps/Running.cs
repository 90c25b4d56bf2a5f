using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>Starting PostgreSQL as whatever its data directory says it is.</summary>
internal static class Running
{
    /// <summary>Starts PostgreSQL where it does not run; never a data directory that is half rewritten.</summary>
    public static async Task EnsureAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        if (c.State.Current.RewritingPgData)
        {
            throw new PostgresException(
                $"data directory \"{c.Options.PgData}\" was being rewritten by pg_rewind or pg_basebackup when that was interrupted, and cannot be started",
                "The node is rebuilt as soon as the monitor assigns one to follow; where none is left, remove it with pg_autoctl drop node --destroy and create it again, from a backup if there is one");
        }

        await c.Server.StartAsync(cancellationToken);
    }
}

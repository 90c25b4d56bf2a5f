using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Sessions;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// A point at which recovery is to end, left behind by a restore to a point in time. A standby goes on receiving beyond it, and acknowledges what it
/// receives, but replays nothing more; to promote it, or to have its replay go on, ends its recovery there: what was acknowledged since would be gone.
/// </summary>
public static class RecoveryTarget
{
    /// <summary>SQL: the target in force, whatever kind it is of; empty where there is none.</summary>
    internal const string Expression =
        "concat(current_setting('recovery_target'), current_setting('recovery_target_time'), current_setting('recovery_target_xid'), "
        + "current_setting('recovery_target_lsn'), current_setting('recovery_target_name'))";

    /// <summary>The parameters that make it, and what belongs to them.</summary>
    internal static readonly string[] Settings =
    [
        "recovery_target", "recovery_target_time", "recovery_target_xid", "recovery_target_lsn", "recovery_target_name", "recovery_target_inclusive",
        "recovery_target_action", "recovery_target_timeline",
    ];

    /// <summary>Why a standby with a target can neither be counted on nor be promoted.</summary>
    public static PostgresException Refusal(string target) => new(
        $"this standby has a recovery target (\"{target}\"): it replays nothing beyond that, and its promotion would lose all that came after it",
        "Take recovery_target and its kin out of postgresql.conf and what it includes, and restart PostgreSQL there.");

    /// <exception cref="PostgresException">The server that runs has one.</exception>
    internal static async Task RefuseAsync(LocalCommands commands, CancellationToken cancellationToken)
    {
        if (await commands.ScalarAsync($"select {Expression}", cancellationToken) is { Length: > 0 } target)
        {
            throw Refusal(target);
        }
    }
}

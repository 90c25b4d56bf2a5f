using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Creation;

/// <summary>Which of the four ways of creating a node this is: what the data directory is before anything is done to it.</summary>
internal static class PgDataLook
{
    /// <exception cref="CreationException">What is in the data directory cannot be made a node of.</exception>
    public static async Task<PgDataOrigin> OriginAsync(CreationOptions options, IPostgresServer server, CancellationToken cancellationToken)
    {
        if (!server.DataDirectoryExists)
        {
            return PgDataOrigin.Absent;
        }

        if (!server.IsRunning)
        {
            return PgDataOrigin.Stopped;
        }

        return await server.ObserveAsync(cancellationToken) switch
        {
            { IsReady: false } => throw new CreationException(
                $"PostgreSQL runs in \"{options.PgData}\" and does not accept sessions", "Wait until it does, or stop it, and try again"),
            { InRecovery: true } when options.IsNodeAlready => PgDataOrigin.RunningStandby,
            { InRecovery: true } => throw new CreationException(
                $"PostgreSQL runs in \"{options.PgData}\" as a standby", "Stop it and try again: it will follow the primary of its group"),
            _ => PgDataOrigin.RunningPrimary,
        };
    }
}

using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>Comes by a postmaster: the one that runs, whoever started it, or a new one, once nothing stands in its way any more.</summary>
internal sealed class PostmasterStart(ILogger logger, TimeProvider time)
{
    /// <param name="find">Looks for the live postmaster of the data directory.</param>
    /// <param name="supervised">The one that is supervised already, if any.</param>
    /// <exception cref="PostgresException">No server can run there.</exception>
    public async Task<Postmaster> FindOrLaunchAsync(
        PostgresOptions options, Func<Postmaster?> find, Postmaster? supervised, CancellationToken cancellationToken)
    {
        var running = find();
        if (running?.PidFile?.Status == PostmasterStatus.Stopping)
        {
            await running.Process.Exited.WaitAsync(cancellationToken);
            running = find();
        }

        if (running is not null)
        {
            if (!ReferenceEquals(running, supervised))
            {
                RefuseOtherPort(running, options);
                Log.AdoptedPostgres(logger, options.PgData, running.Pid);
            }

            return running;
        }

        UnfinishedWork.ThrowIfAny(options);
        if (ClusterFiles.WhatIsMissing(options.PgData) is { } missing)
        {
            throw missing;
        }

        await Orphans.EndAsync(options.PgData, logger, time, cancellationToken);
        return PostmasterLaunch.Start(options, logger);
    }

    private static void RefuseOtherPort(Postmaster running, PostgresOptions options)
    {
        if (running.PidFile is { Port: not 0 } file && file.Port != options.Port)
        {
            throw new PostgresException(
                $"PostgreSQL already runs in \"{options.PgData}\" on port {file.Port}, and {options.Port} is configured",
                "Stop it, or set postgresql.port to its port.");
        }
    }
}

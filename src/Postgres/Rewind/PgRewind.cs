using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Programs;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Rewind;

/// <summary>
/// Turns a cluster that went its own way into one that can follow the upstream, by copying what differs. What this costs when it is
/// interrupted is the cluster, so a note is left before it and taken away after it.
/// </summary>
internal sealed class PgRewind(ProgramRunner programs, CrashRecovery recovery, ILogger logger)
{
    /// <summary>
    /// Finds out whether it would work. Nothing is changed, but that a former primary that crashed gets its recovery, as its next start would
    /// give it: pg_rewind would begin with the same, and could not be asked before.
    /// </summary>
    /// <exception cref="PostgresException">It would not.</exception>
    public async Task PrepareAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        UnfinishedWork.ThrowIfAny(options);
        var own = await new ControlDataReader(programs).ReadAsync(options, cancellationToken);
        var theirs = await UpstreamClient.IdentifyAsync(options, upstream, cancellationToken);
        if (own.SystemIdentifier != theirs.SystemIdentifier)
        {
            throw new PostgresException(
                $"\"{options.PgData}\" has system identifier {(ulong)own.SystemIdentifier}, and {upstream} has {(ulong)theirs.SystemIdentifier}: they have never been the same cluster",
                "Check host and port; to have a copy of that server here, make a base backup.");
        }

        await UpstreamClient.CheckpointAsync(options, upstream, cancellationToken);
        await RefuseSameTimelineAsync(options, upstream, CrashRecovery.WasPrimary(options), cancellationToken);
        if (CrashRecovery.WasPrimary(options))
        {
            await recovery.RunAsync(options, cancellationToken);
        }

        if (CrashRecovery.WasShutDown(options))
        {
            await programs.RunAsync(Call(options, upstream, "--dry-run"), LogLevel.Debug, cancellationToken);
        }
    }

    public async Task RunAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        await LeftoverPrograms.EndAsync(options.PgData, cancellationToken);
        UnfinishedWork.ThrowIfAny(options);
        var wasPrimary = CrashRecovery.WasPrimary(options);

        // pg_rewind goes by the timeline in the upstream's control file, which changes with the first checkpoint after a promotion.
        await UpstreamClient.CheckpointAsync(options, upstream, cancellationToken);
        if (!wasPrimary)
        {
            // Of a crashed primary pg_rewind finishes the recovery itself.
            await recovery.RunAsync(options, cancellationToken);
        }

        await RefuseSameTimelineAsync(options, upstream, wasPrimary, cancellationToken);
        Log.Rewinding(logger, options.PgData, upstream.ToString());
        var own = OwnFiles.Read(options);
        UnfinishedWork.Begin(options, UnfinishedWork.Rewind);
        await programs.RunAsync(Call(options, upstream), LogLevel.Information, cancellationToken);
        own.WriteBack();
        if (!options.IsForeign)
        {
            AlteredSettings.Clean(options.PgData);
        }

        StandbySettings.Write(options, upstream);
        Disk.FlushFileSystem(options.PgData);
        UnfinishedWork.End(options);
    }

    private static ProgramCall Call(PostgresOptions options, Upstream upstream, params string[] more)
    {
        var call = new ProgramCall(
            options.Program("pg_rewind"),
            ["--target-pgdata", options.PgData, "--source-server", Conninfo.ForPrograms(upstream, options, options.DbName), "--progress", "--no-sync", .. more]);
        Conninfo.AddSecrets(call.Environment, options, $"pgautofailover_rewind_{upstream.OwnNodeId}");
        if (LeftBehind.Exception(options.PgData) is { } exception)
        {
            call.Environment[exception.Name] = exception.Value;
        }

        return call;
    }

    // On the same timeline pg_rewind sees nothing to do. For a standby that is true. Former primaries may hold WAL there that the
    // upstream never had, and would replay the upstream's on top of it.
    private async Task RefuseSameTimelineAsync(PostgresOptions options, Upstream upstream, bool wasPrimary, CancellationToken cancellationToken)
    {
        if (!wasPrimary)
        {
            return;
        }

        var own = await new ControlDataReader(programs).ReadAsync(options, cancellationToken);
        var theirs = await UpstreamClient.IdentifyAsync(options, upstream, cancellationToken);
        if (own.Timeline >= theirs.Timeline)
        {
            throw new PostgresException(
                $"a former primary on timeline {own.Timeline} cannot be rewound to {upstream}, which is on timeline {theirs.Timeline}",
                "A base backup is needed.");
        }
    }
}

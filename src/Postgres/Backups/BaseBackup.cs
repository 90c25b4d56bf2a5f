using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Programs;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Backups;

/// <summary>
/// Copies an upstream. The copy is made beside the data directory and replaces it when it is complete and on disk, so that what was
/// there before stays until then; or, where the disk has no room for both, it is made in place.
/// </summary>
internal sealed class BaseBackup(ProgramRunner programs, ILogger logger)
{
    public async Task RunAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        var target = options.BackupDirectory ?? options.PgData;

        // Also a rewind that outlived its keeper: it would go on writing into what takes the place of the data directory.
        await LeftoverPrograms.EndAsync(options.PgData, cancellationToken);
        await LeftoverPrograms.EndAsync(target, cancellationToken);
        if (options.BackupDirectory is not null)
        {
            BackupSwap.RefuseOtherFileSystem(target, options.PgData);
        }

        foreach (var directory in Tablespaces.OwnDirectoriesOf(options.PgData).Concat(Tablespaces.OwnDirectoriesOf(target)).Distinct(StringComparer.Ordinal))
        {
            Log.RemovingTablespace(logger, directory);
            Directory.Delete(directory, recursive: true);
        }

        var walDirectory = WalDirectory.Of(options.PgData);
        if (walDirectory is not null)
        {
            ClusterFiles.Empty(walDirectory);
        }

        ClusterFiles.Empty(target);
        Directory.CreateDirectory(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (options.BackupDirectory is null)
        {
            UnfinishedWork.Begin(options, UnfinishedWork.BaseBackup);
        }

        Log.TakingBaseBackup(logger, upstream.ToString(), target);
        await CopyAsync(Call(options, upstream, target, walDirectory), cancellationToken);
        AlteredSettings.Clean(target);
        RemoveCopiedCertificate(options, target);
        Disk.FlushFileSystem(target);
        foreach (var tablespace in Tablespaces.Of(target).Append(walDirectory).OfType<string>())
        {
            Disk.FlushFileSystem(tablespace);
        }

        if (options.BackupDirectory is not null)
        {
            BackupSwap.Run(target, options.PgData);
        }

        // Also of a rewind that failed half-way: its damage is gone.
        UnfinishedWork.End(options);
        Log.BaseBackupIsInPlace(logger, options.PgData);
    }

    // Each attempt has the upstream write a checkpoint and begin a WAL file, and may copy for hours before it fails for a full disk.
    private async Task CopyAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        try
        {
            await programs.RunAsync(call, LogLevel.Information, cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new PostgresException(e.Message, e.Hint, e) { IsCostly = true };
        }
    }

    // It does not bear a standby's application_name: with a slot, its stream of WAL reports what it flushed, and by that name it
    // would pass for a synchronous standby, although it flushes nothing before the end.
    private static ProgramCall Call(PostgresOptions options, Upstream upstream, string target, string? walDirectory)
    {
        string[] wal = walDirectory is null ? [] : ["--waldir", walDirectory];
        string[] rate = options.MaximumBackupRate.Length > 0 ? ["--max-rate", options.MaximumBackupRate] : [];
        var call = new ProgramCall(
            options.Program("pg_basebackup"),
            [
                "-w", "-d", Conninfo.ForPrograms(upstream, options, database: null), "--pgdata", target, "--verbose", "--progress", .. rate, .. wal,
                "--wal-method=stream", "--slot", Conninfo.SlotOf(upstream.OwnNodeId), "--checkpoint=fast", "--no-sync",
            ]);
        Conninfo.AddSecrets(call.Environment, options, $"pgautofailover_backup_{upstream.OwnNodeId}");
        return call;
    }

    private static void RemoveCopiedCertificate(PostgresOptions options, string target)
    {
        if (options.Ssl.SelfSigned)
        {
            File.Delete(Path.Combine(target, "server.crt"));
            File.Delete(Path.Combine(target, "server.key"));
        }
    }
}

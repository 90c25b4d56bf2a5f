using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Files;

/// <summary>Ends what runs for a data directory, and removes what <c>--destroy</c> removes.</summary>
internal sealed class NodeRemoval(LocalNode local, CommandContext context)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Ends a running pg_autoctl: it gets <paramref name="byItself"/> to end on its own, then SIGQUIT, and 30 seconds more.
    /// </summary>
    /// <exception cref="CommandFailure">It does not end.</exception>
    public async Task StopServiceAsync(TimeSpan byItself, CancellationToken cancellationToken)
    {
        if (RunningService.Find(local.Paths) is not { } service)
        {
            return;
        }

        if (byItself > TimeSpan.Zero && await service.WaitForEndAsync(byItself, context.Time, cancellationToken))
        {
            return;
        }

        context.Log.StoppingService(service.Pid);
        service.Send(Signal.StopImmediate);
        if (!await service.WaitForEndAsync(s_patience, context.Time, cancellationToken))
        {
            throw new CommandFailure(ExitCode.Internal, $"pg_autoctl with pid {service.Pid} is still running {s_patience.TotalSeconds:0} s after SIGQUIT");
        }
    }

    /// <summary>Stops a PostgreSQL that was left running.</summary>
    /// <exception cref="CommandFailure">It does not stop.</exception>
    public async Task StopPostgresAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (Signal[])[Signal.StopFast, Signal.StopImmediate])
        {
            if (LocalPostgres.Read(local.Config.PgData) is not { } postgres)
            {
                return;
            }

            context.Log.StoppingPostgres(local.Config.PgData, postgres.Pid);
            Signals.Send(postgres.Pid, signal);
            if (await Signals.WaitForEndAsync(postgres.Pid, s_patience, context.Time, cancellationToken))
            {
                return;
            }
        }

        throw new CommandFailure(ExitCode.PostgresControl, $"PostgreSQL at \"{local.Config.PgData}\" does not stop");
    }

    /// <summary>Removes the data directory, then the files: the configuration last, so that an interrupted removal can be repeated.</summary>
    public void Destroy()
    {
        var pgdata = local.Config.PgData;
        if (Directory.Exists(pgdata))
        {
            context.Log.Removing(pgdata);
            Remove(pgdata);
        }

        foreach (var file in (string[])[local.Paths.PasswordFile, local.Paths.InitFile, local.Paths.StateFile, local.Paths.NodesFile, local.Paths.GoalFile, local.Paths.PidFile, local.Paths.ConfigFile])
        {
            if (File.Exists(file))
            {
                context.Log.Removing(file);
                File.Delete(file);
            }
        }
    }

    // Emptied first: a mount point, or a directory in one that we may not write to, stays, and is as good as gone. Through a symbolic
    // link, what it stands for is emptied; links inside are removed and not followed.
    private static void Remove(string pgdata)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(pgdata).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo { LinkTarget: null } directory)
                {
                    directory.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Internal, $"Failed to remove \"{pgdata}\": {exception.Message}", inner: exception);
        }

        try
        {
            Directory.Delete(pgdata);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }
}

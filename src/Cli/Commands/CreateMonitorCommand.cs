using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>create monitor</c></summary>
internal static class CreateMonitorCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("monitor");
        var options = new CreateOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var paths = options.Paths(parsed, context);
            PidFile.RefuseIfRunning(paths.PidFile, paths.PgData);
            var config = options.Merge(ConfigKeys.MonitorRole, paths, parsed, context)
                .With(ConfigKeys.UserName, MonitorUri.Role)
                .With(ConfigKeys.DbName, MonitorUri.Database);
            config = await Discoveries.CompleteAsync(config, paths, context, cancellationToken);
            if (!File.Exists(paths.ConfigFile) && LocalPostgres.Read(paths.PgData) is { } running)
            {
                throw new CommandFailure(
                    ExitCode.BadState,
                    $"PostgreSQL runs in \"{paths.PgData}\" already, with pid {running.Pid}, and is not a monitor's",
                    "Choose another data directory, or stop it first");
            }

            PortCheck.RefuseIfTaken(config, paths.PgData);
            DataDirectoryCheck.RefuseIfUnwritable(paths.PgData);
            var local = CreateOptions.Save(config, paths, context);
            await using var monitor = new MonitorHost(local, create: true, options.Run(parsed), context);
            return await monitor.RunAsync();
        });
        return command;
    }
}

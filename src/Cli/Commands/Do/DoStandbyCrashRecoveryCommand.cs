using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do standby crash-recovery</c>: finishes the recovery of a node that crashed, out of everyone's reach, and leaves it shut down.</summary>
internal static class DoStandbyCrashRecoveryCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("crash-recovery") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalKeeper.Load(parsed.GetValue(pgData), context);
            PidFile.RefuseIfRunning(local.Paths.PidFile, local.Paths.PgData);
            if (LocalPostgres.Read(local.Paths.PgData) is { } running)
            {
                throw new CommandFailure(
                    ExitCode.PostgresControl, $"Postgres runs at \"{local.Paths.PgData}\", with pid {running.Pid}, and has nothing to recover", "Stop it first where it is to be stopped");
            }

            await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            if (!server.DataDirectoryExists)
            {
                throw new CommandFailure(ExitCode.PostgresControl, $"\"{local.Paths.PgData}\" holds no PostgreSQL cluster", "Check --pgdata");
            }

            await server.RecoverAsync(cancellationToken);
            context.Log.Recovered(local.Paths.PgData);
            return ExitCode.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do pgsetup ready</c></summary>
internal static class DoPgSetupReadyCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("ready") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = await AnyCluster.FindAsync(parsed.GetValue(pgData), context, cancellationToken);
            return Tell(LocalPostgres.Read(local.Paths.PgData), context);
        });
        return command;
    }

    /// <summary>Says how PostgreSQL is; the exit code says whether it accepts sessions.</summary>
    public static int Tell(LocalPostgres? postgres, CommandContext context)
    {
        context.Log.PostgresStatus(postgres?.Status ?? LocalPostgres.NotRunning);
        return postgres is { IsReady: true } ? ExitCode.Ok : ExitCode.LocalSql;
    }
}

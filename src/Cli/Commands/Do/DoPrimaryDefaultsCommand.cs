using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do primary defaults</c>: writes the settings that a node has, and the line by which PostgreSQL reads them, where they were lost.</summary>
internal static class DoPrimaryDefaultsCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("defaults") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalKeeper.Load(parsed.GetValue(pgData), context);
            await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            if (!server.DataDirectoryExists)
            {
                throw new CommandFailure(ExitCode.PostgresControl, $"\"{local.Paths.PgData}\" holds no PostgreSQL cluster", "Check --pgdata");
            }

            var changed = await server.WriteSettingsAsync(cancellationToken);
            if (changed && server.IsRunning)
            {
                await server.ReloadAsync(cancellationToken);
            }

            context.Log.HasDefaults(local.Paths.PgData, changed ? "have been written" : "are there already");
            return ExitCode.Ok;
        });
        return command;
    }
}

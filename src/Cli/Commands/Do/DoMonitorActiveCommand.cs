using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor active</c></summary>
internal static class DoMonitorActiveCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("active") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (target, state) = RegisteredKeeper.Load(parsed.GetValue(pgData), context);
            var local = target.Local!; // it was found by its data directory
            await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            await using var monitor = new NpgsqlMonitorClient(ConnectionUri.Parse(target.Uri), context.Time);
            var answer = await SingleReport.SendAsync(
                local.Config[ConfigKeys.Formation]!, KeeperSettingsOf.Config(local.Config), state, server, monitor, cancellationToken);
            context.Print(AssignmentText.Of(local.Config, answer.NodeId, answer.GroupId, answer.Goal));
            return ExitCode.Ok;
        });
        return command;
    }
}

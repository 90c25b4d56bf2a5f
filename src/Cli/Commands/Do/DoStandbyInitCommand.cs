using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.ByHand;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do standby init</c>: the base backup of a node that is to become a standby. A data directory that is there is never overwritten.</summary>
internal static class DoStandbyInitCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("init");
        var options = new UpstreamOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = options.LoadKeeper(parsed, context);
            var upstream = options.Upstream(local, parsed, context);
            PidFile.RefuseIfRunning(local.Paths.PidFile, local.Paths.PgData);
            var state = StateFileText.Load(local.Paths.StateFile);
            await using var server = new LocalPostgresServer(
                options.PostgresOptions(local, parsed, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            Refuse(local, state, server);
            await StandbyCopy.MakeAsync(state, new FileKeeperStateStore(local.Paths.StateFile, local.Paths.InitFile), server, upstream, cancellationToken);
            context.Log.Copied(local.Paths.PgData, upstream.ToString());
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Refuse(LocalNode local, KeeperState state, LocalPostgresServer server)
    {
        if (server.DataDirectoryExists && !state.RewritingPgData)
        {
            throw new CommandFailure(
                ExitCode.BadState, $"\"{local.Paths.PgData}\" holds a PostgreSQL cluster, which a copy would replace", "Move it away first; \"pg_autoctl do standby rewind\" keeps what it can");
        }

        if (!RoleRules.IsBeingCreated(state.CurrentRole) && state.CurrentRole != NodeState.Demoted)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"Node {state.NodeId} at \"{local.Paths.PgData}\" is in state {state.CurrentRole.ToWire()}, from which no standby is made",
                "It is made of a node that is init, wait_standby or demoted");
        }
    }
}

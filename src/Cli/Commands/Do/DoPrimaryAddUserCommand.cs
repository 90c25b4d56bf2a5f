using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do primary adduser monitor|replica</c>: the roles that a node has for its monitor and for the other nodes, where they were lost.</summary>
internal static class DoPrimaryAddUserCommand
{
    public static Command CreateMonitor(CommandContext context) => Create("monitor", "pgautofailover_monitor", context, (local, server, cancellationToken) =>
        server.CreateMonitorRoleAsync(local.Config.MonitorUri is { } uri ? ConnectionUri.Parse(uri).HostNames : [], cancellationToken));

    public static Command CreateReplica(CommandContext context) => Create("replica", "pgautofailover_replicator", context, (_, server, cancellationToken) =>
        server.CreateReplicatorAsync(cancellationToken));

    private static Command Create(
        string name, string role, CommandContext context, Func<LocalNode, LocalPostgresServer, CancellationToken, Task> createAsync)
    {
        var pgData = NewOption.PgData();
        var command = new Command(name) { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalKeeper.Load(parsed.GetValue(pgData), context);
            LocalPostgres.RequireReady(local.Paths.PgData);

            await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            if ((await server.ObserveAsync(cancellationToken)).InRecovery)
            {
                throw new CommandFailure(ExitCode.BadState, $"Postgres at \"{local.Paths.PgData}\" is a standby, which has the roles of its primary", "Use this command on the primary");
            }

            await createAsync(local, server, cancellationToken);
            context.Log.HasRole(local.Paths.PgData, role);
            return ExitCode.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// <c>do pgctl on|off</c>. They are for the times at which the service leaves PostgreSQL alone: what it keeps running it would start again at once,
/// and what it keeps stopped must stay so, for another node may be the primary.
/// </summary>
internal static class DoPgCtlCommand
{
    public static Command CreateOn(CommandContext context) => Create("on", context, async (local, cancellationToken) =>
    {
        var running = LocalPostgres.Read(local.Paths.PgData);
        if (running is not { IsReady: true })
        {
            RefuseToStart(local);
            await using var server = NewServer(local, context);
            await server.StartAsync(cancellationToken);
            running = LocalPostgres.Read(local.Paths.PgData);
        }

        if (running is not null)
        {
            context.Log.PostgresServes(local.Paths.PgData, running.Port, running.Pid);
        }
    });

    public static Command CreateOff(CommandContext context) => Create("off", context, async (local, cancellationToken) =>
    {
        if (LocalPostgres.Read(local.Paths.PgData) is { } running)
        {
            RefuseToStop(local);
            context.Log.StoppingPostgres(local.Paths.PgData, running.Pid);
            await using var server = NewServer(local, context);
            await server.StopAsync(StopMode.Fast, cancellationToken);
        }

        context.Log.PostgresIsOff(local.Paths.PgData);
    });

    private static Command Create(string name, CommandContext context, Func<LocalNode, CancellationToken, Task> run)
    {
        var pgData = NewOption.PgData();
        var command = new Command(name) { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await run(LocalNode.Load(parsed.GetValue(pgData), context), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static LocalPostgresServer NewServer(LocalNode local, CommandContext context) => new(
        local.Config.IsMonitor ? PostgresOptionsOf.Monitor(local, context) : PostgresOptionsOf.Node(local, context),
        context.Loggers.CreateLogger<LocalPostgresServer>(),
        context.Time);

    private static void RefuseToStart(LocalNode local)
    {
        if (local.Config.IsMonitor || StateFileText.Load(local.Paths.StateFile) is not { CurrentRole: NodeState.Maintenance, AssignedRole: NodeState.Maintenance })
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"\"{local.Paths.PgData}\" is no node in maintenance: only its service knows whether Postgres may be started, and as what",
                "Start the service with \"pg_autoctl run\"");
        }
    }

    // A service that does not run undoes nothing; and to stop is always safe.
    private static void RefuseToStop(LocalNode local)
    {
        if (RunningService.Find(local.Paths) is { } service
            && (local.Config.IsMonitor || StateFileText.Load(local.Paths.StateFile).CurrentRole != NodeState.Maintenance))
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"pg_autoctl with pid {service.Pid} keeps Postgres running at \"{local.Paths.PgData}\", and would start it again",
                local.Config.IsMonitor ? "Use \"pg_autoctl stop\"" : "Use \"pg_autoctl enable maintenance\" first, or \"pg_autoctl stop\" to stop both");
        }
    }
}

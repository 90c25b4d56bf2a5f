using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// <c>do standby promote</c>. Where a monitor decides, it alone may: promoted behind its back, a node would be a second primary. Without one, nobody but
/// the operator can know that the old primary is gone.
/// </summary>
internal static class DoStandbyPromoteCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("promote") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = await AnyCluster.FindToChangeAsync(parsed.GetValue(pgData), context, cancellationToken);
            Refuse(local);
            await using var server = new LocalPostgresServer(
                PostgresOptionsOf.Node(local, context) with { IsForeign = AnyCluster.IsForeign(local) }, context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            await server.PromoteAsync(cancellationToken);
            context.Log.TakesWrites(local.Paths.PgData);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Refuse(LocalNode local)
    {
        if (local.Config.IsMonitor)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is a monitor; this command is for a node");
        }

        if (local.Config.MonitorUri is not null)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"The node at \"{local.Paths.PgData}\" has a monitor, which would not know of a second primary",
                "Use \"pg_autoctl perform promotion\"; where the monitor is lost for good, \"pg_autoctl disable monitor --force\" comes first, on each node");
        }

        LocalPostgres.RequireReady(local.Paths.PgData);
    }
}

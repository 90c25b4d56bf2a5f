using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// <c>do standby rewind</c>. What can be known beforehand is found out before anything is changed; from the moment at which pg_rewind writes, an
/// interruption costs the data directory, and a note beside it says so.
/// </summary>
internal static class DoStandbyRewindCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("rewind");
        var options = new UpstreamOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = await options.FindLocalToChangeAsync(parsed, context, cancellationToken);
            var upstream = options.Upstream(local, parsed, context);
            PidFile.RefuseIfRunning(local.Paths.PidFile, local.Paths.PgData);
            if (LocalPostgres.Read(local.Paths.PgData) is { } running)
            {
                throw new CommandFailure(
                    ExitCode.PostgresControl,
                    $"Postgres runs at \"{local.Paths.PgData}\", with pid {running.Pid}; only a stopped one can be rewound",
                    "Make sure that it is not the primary that applications use, then stop it with \"pg_ctl stop\"");
            }

            await using var server = new LocalPostgresServer(
                options.PostgresOptions(local, parsed, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            await server.PrepareRewindAsync(upstream, cancellationToken);
            await server.RewindAsync(upstream, cancellationToken);
            context.Log.Rewound(local.Paths.PgData, upstream.ToString());
            if (upstream.OwnNodeId > 0)
            {
                context.Log.NeedsSlot(SlotName.OfNode(upstream.OwnNodeId), upstream.OwnNodeId);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}

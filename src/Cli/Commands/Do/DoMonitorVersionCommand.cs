using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor version</c></summary>
internal static class DoMonitorVersionCommand
{
    // A monitor of ours has the extension's functions and not the extension: it brings them itself when it starts.
    private const string Sql = """
        select coalesce((select extversion from pg_extension where extname = 'pgautofailover'),
                        (select $1 from pg_namespace where nspname = 'pgautofailover'))
        """;

    public static Command Create(CommandContext context)
    {
        var command = new Command("version");
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var version = await monitor.ScalarAsync<string>(Sql, cancellationToken, ProgramVersion.Extension)
                ?? throw new CommandFailure(ExitCode.Monitor, $"The database at \"{target.Uri}\" is not a monitor's", "Check the URI: \"pg_autoctl show uri\" prints it on the monitor");
            context.Log.MonitorVersion(version);
            context.Print(version);
            return ExitCode.Ok;
        });
        return command;
    }
}

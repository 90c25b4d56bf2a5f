using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do pgsetup logs</c>, and <c>do pgsetup startup</c>, which leaves out what came after the start.</summary>
internal static class DoPgSetupLogsCommand
{
    public static Command CreateLogs(CommandContext context) => Create("logs", context, ServerLogs.Find);

    public static Command CreateStartup(CommandContext context) => Create("startup", context, ServerLogs.FindStartup);

    private static Command Create(string name, CommandContext context, Func<string, IReadOnlyList<string>> find)
    {
        var pgData = NewOption.PgData();
        var command = new Command(name) { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = (await AnyCluster.FindAsync(parsed.GetValue(pgData), context, cancellationToken)).Paths.PgData;
            var files = find(directory);
            if (files.Count == 0)
            {
                throw new CommandFailure(
                    ExitCode.PostgresControl,
                    $"PostgreSQL has left no log in \"{directory}\"",
                    "It has not been started by pg_autoctl yet, or log_directory names another place");
            }

            foreach (var file in files)
            {
                Show(file, context);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Show(string file, CommandContext context)
    {
        try
        {
            context.Log.ServerLogFrom(file);
            foreach (var line in ServerLogs.ReadTail(file))
            {
                var level = ServerLogLevel.Of(line);
                context.Log.ServerLogLine(level, line);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.PostgresControl, $"Failed to read \"{file}\": {exception.Message}", "Run this as the user to whom PostgreSQL belongs", exception);
        }
    }
}

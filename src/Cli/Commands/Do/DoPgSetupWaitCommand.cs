using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do pgsetup wait</c></summary>
internal static class DoPgSetupWaitCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("wait") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = (await AnyCluster.FindAsync(parsed.GetValue(pgData), context, cancellationToken)).Paths.PgData;
            var postgres = LocalPostgres.Read(directory);
            var started = context.Time.GetTimestamp();
            while (postgres is not { IsReady: true } && context.Time.GetElapsedTime(started) < s_patience)
            {
                await Task.Delay(s_look, context.Time, cancellationToken);
                postgres = LocalPostgres.Read(directory);
            }

            if (postgres is { IsReady: true })
            {
                context.Log.PostgresServesNow(directory, postgres.Port, postgres.Pid);
            }

            return DoPgSetupReadyCommand.Tell(postgres, context);
        });
        return command;
    }
}

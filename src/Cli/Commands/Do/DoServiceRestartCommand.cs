using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// <c>do service restart</c>. The services are parts of one process, which goes on: a keeper or a monitor's service ends and begins anew in it,
/// and PostgreSQL is stopped and started.
/// </summary>
internal static class DoServiceRestartCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static Command Create(string service, CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command(service) { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            var (process, pid) = NamedService.Find(local.Paths, service);
            if (service == NamedService.Postgres)
            {
                await PostgresRestart.RunAsync(local, context, cancellationToken);
            }
            else
            {
                await AskAsync(local.Paths, process, service, context, cancellationToken);
            }

            context.Log.ServiceRestarted(service, pid);
            context.Print(pid.ToString(CultureInfo.InvariantCulture));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task AskAsync(ConfigPaths paths, RunningService process, string service, CommandContext context, CancellationToken cancellationToken)
    {
        context.Log.AskingForRestart(process.Pid, service);
        RestartRequest.Ask(paths, service);
        try
        {
            process.Send(Signal.Reload);
            var started = context.Time.GetTimestamp();
            while (RestartRequest.Find(paths) is not null)
            {
                if (context.Time.GetElapsedTime(started) > s_patience)
                {
                    throw new CommandFailure(
                        ExitCode.Internal,
                        $"pg_autoctl with pid {process.Pid} has not restarted its service \"{service}\" within {s_patience.TotalSeconds:0} s",
                        "Its log says what it is busy with; \"pg_autoctl stop\" and \"pg_autoctl run\" restart all of it");
                }

                await Task.Delay(s_look, context.Time, cancellationToken);
            }
        }
        finally
        {
            RestartRequest.Remove(paths);
        }
    }
}

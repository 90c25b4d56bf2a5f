using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// Restarts a PostgreSQL that a running pg_autoctl supervises. Only the stop is done here: whether PostgreSQL may be started again, and as what, is
/// for the service to know, which sees it end and acts as it does when PostgreSQL has died.
/// </summary>
internal static class PostgresRestart
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <exception cref="CommandFailure">Nobody would start it again, or it did not come back.</exception>
    public static async Task RunAsync(LocalNode local, CommandContext context, CancellationToken cancellationToken)
    {
        var pgdata = local.Paths.PgData;
        RefuseUnlessKept(local);
        if (LocalPostgres.Read(pgdata) is not { } old)
        {
            throw new CommandFailure(ExitCode.PostgresControl, $"Postgres does not run at \"{pgdata}\"", "The log of pg_autoctl says why");
        }

        context.Log.StoppingPostgres(pgdata, old.Pid);
        Signals.Send(old.Pid, Signal.StopFast);
        if (!await Signals.WaitForEndAsync(old.Pid, s_patience, context.Time, cancellationToken))
        {
            throw new CommandFailure(
                ExitCode.PostgresControl, $"Postgres with pid {old.Pid} is still stopping after {s_patience.TotalSeconds:0} s", "It is started again when it has stopped; its log says what it waits for");
        }

        var started = context.Time.GetTimestamp();
        while (context.Time.GetElapsedTime(started) < s_patience)
        {
            if (LocalPostgres.Read(pgdata) is { IsReady: true } next && next.Pid != old.Pid)
            {
                context.Log.PostgresServesNow(pgdata, next.Port, next.Pid);
                return;
            }

            await Task.Delay(s_look, context.Time, cancellationToken);
        }

        throw new CommandFailure(
            ExitCode.PostgresControl,
            $"Postgres was stopped at \"{pgdata}\", and does not accept sessions again after {s_patience.TotalSeconds:0} s",
            "The log of pg_autoctl says why; \"pg_autoctl show state\" shows whether the node is to be something else now");
    }

    private static void RefuseUnlessKept(LocalNode local)
    {
        if (!local.Config.IsMonitor && StateFileText.Load(local.Paths.StateFile) is var state && !RoleRules.MustRun(state.CurrentRole))
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"The node at \"{local.Paths.PgData}\" is in state {state.CurrentRole.ToWire()}, in which pg_autoctl does not keep Postgres running",
                state.CurrentRole == NodeState.Maintenance ? "Use \"pg_autoctl do pgctl off\" and \"do pgctl on\"" : "Wait until \"pg_autoctl show state\" shows another one");
        }
    }
}

using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Programs;
using PgAutoFailover.Cli.Services;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>A session of tmux with a cluster on this machine in it: from its beginning to its end.</summary>
internal static class TmuxSession
{
    /// <summary>Makes the session and shows it. When it is left, the cluster is stopped; without a terminal, it goes on.</summary>
    /// <exception cref="CommandFailure">Something is in the way; nothing was made.</exception>
    public static async Task<int> RunAsync(SessionPlan plan, CommandContext context, CancellationToken cancellationToken)
    {
        RefuseRoot();
        var tmux = TmuxServer.Require(context);
        await tmux.RefuseIfThereAsync(plan.Name, cancellationToken);
        foreach (var port in plan.Nodes.Select(n => n.Port).Prepend(plan.FirstPort))
        {
            PortCheck.RefuseIfTaken(port, "*", "--first-pgport");
        }

        var place = new SessionPlace(plan.Root, plan.FirstPort);
        var directory = new SessionDirectory(place, context);
        directory.Create();
        var script = directory.WriteScript(TmuxScript.Of(plan, SessionUser.Of(context)));
        await tmux.StartAsync(script, plan, cancellationToken);
        if (await tmux.ShowAsync(plan.Name, cancellationToken))
        {
            context.Log.SessionWasLeft(plan.Root);
            await EndAsync(place, tmux, context, cancellationToken);
        }

        return ExitCode.Ok;
    }

    /// <summary>Leaves nothing of a session behind: no process, no pane, no file. What is gone already is no error.</summary>
    /// <exception cref="CommandFailure">The directory holds more than a session, or a service does not stop.</exception>
    public static async Task CleanAsync(SessionPlace place, CommandContext context, CancellationToken cancellationToken)
    {
        var directory = new SessionDirectory(place, context);
        directory.RefuseIfForeign();
        var tmux = OtherProgram.Find("tmux", context) is { } program ? new TmuxServer(program, context) : null;
        await EndAsync(place, tmux, context, cancellationToken);
        directory.Remove();
    }

    // A pane that waits for its turn may begin to create a node until its shell is gone: so the services are stopped a second time.
    private static async Task EndAsync(SessionPlace place, TmuxServer? tmux, CommandContext context, CancellationToken cancellationToken)
    {
        var processes = new SessionProcesses(place, context);
        await processes.StopAsync(cancellationToken);
        if (tmux is not null)
        {
            await tmux.EndAsync(place.Root, cancellationToken);
            await processes.StopAsync(cancellationToken);
        }
    }

    private static void RefuseRoot()
    {
        if (Environment.IsPrivilegedProcess)
        {
            throw CommandFailure.BadArguments("A session cannot be made by root: PostgreSQL does not run as root", "Run it as another user, for example \"su postgres\"");
        }
    }
}

using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Programs;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>The tmux of this user, and those of its sessions that are ours: each carries its directory as an option of its own.</summary>
internal sealed class TmuxServer(OtherProgram tmux, CommandContext context)
{
    /// <summary>The option of a session that says which cluster it shows.</summary>
    public const string RootOption = "@pgautofailover_root";

    /// <exception cref="CommandFailure">There is no tmux.</exception>
    public static TmuxServer Require(CommandContext context) => new(OtherProgram.Require("tmux", context), context);

    /// <exception cref="CommandFailure">There is a session of that name, ours or not.</exception>
    public async Task RefuseIfThereAsync(string name, CancellationToken cancellationToken)
    {
        if ((await tmux.RunAsync(["has-session", "-t", $"={name}"], cancellationToken)).ExitCode == 0)
        {
            throw new CommandFailure(
                ExitCode.BadState, $"There is a tmux session \"{name}\" already", $"Look at it with \"tmux attach -t {name}\", or use another --first-pgport");
        }
    }

    /// <summary>Makes the session that a script describes, without a terminal.</summary>
    /// <exception cref="CommandFailure">tmux refuses a line of it; what it has made by then is ended again.</exception>
    public async Task StartAsync(string script, SessionPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            await tmux.SucceedAsync(["start-server", ";", "source-file", script], cancellationToken);
        }
        catch (CommandFailure)
        {
            await EndAsync(plan.Root, cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// Shows the session until whoever looks at it leaves. Where nobody can (there is no terminal, or it is within a tmux already), says how
    /// to, and returns at once.
    /// </summary>
    /// <returns>True where somebody has looked at it and left.</returns>
    public async Task<bool> ShowAsync(string name, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected || context.Variable("TMUX") is not null)
        {
            context.Log.SessionIsDetached(name);
            return false;
        }

        await tmux.ShowAsync(["attach-session", "-t", $"={name}"], null, cancellationToken);
        return true;
    }

    /// <summary>Ends the sessions that show the cluster of a directory, and no others.</summary>
    public async Task EndAsync(string root, CancellationToken cancellationToken)
    {
        var (_, sessions, _) = await tmux.RunAsync(["list-sessions", "-F", $"#{{session_id}} #{{{RootOption}}}"], cancellationToken);
        foreach (var words in sessions.Split('\n').Select(l => l.Split(' ', 2)))
        {
            if (words is [var id, var shown] && shown == root)
            {
                context.Log.EndingSession(root);
                await tmux.RunAsync(["kill-session", "-t", id], cancellationToken);
            }
        }
    }
}

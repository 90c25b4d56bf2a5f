using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>A session of tmux with a cluster in containers: from its beginning to its end.</summary>
internal static class ComposeSession
{
    /// <summary>Makes the containers and the session, and shows it. When it is left, containers and volumes are removed; without a terminal, all goes on.</summary>
    /// <exception cref="CommandFailure">Something is in the way, or docker refuses.</exception>
    public static async Task<int> RunAsync(SessionPlan plan, CommandContext context, CancellationToken cancellationToken)
    {
        var tmux = TmuxServer.Require(context);
        var docker = new ComposeProgram(context);
        await tmux.RefuseIfThereAsync(plan.Name, cancellationToken);
        var directory = new SessionDirectory(new SessionPlace(plan.Root, plan.FirstPort), context);
        directory.Create();
        var buildContext = ContainerImage.FindBuildContext();
        directory.WriteComposeFile(ComposeFile.Of(plan, buildContext));
        var script = directory.WriteScript(TmuxScript.OfContainers(plan, ComposeProgram.CommandLine(context), SessionUser.Of(context)));
        var volumes = ComposeFile.Volumes(plan).ToList();
        try
        {
            if (buildContext is not null)
            {
                await docker.RunAsync(plan.Root, "build", cancellationToken);
            }

            await docker.CreateVolumesAsync(volumes, cancellationToken);
        }
        catch (CommandFailure)
        {
            directory.Remove();
            throw;
        }

        await tmux.StartAsync(script, plan, cancellationToken);
        if (await tmux.ShowAsync(plan.Name, cancellationToken))
        {
            context.Log.SessionWasLeft(plan.Root);
            await tmux.EndAsync(plan.Root, cancellationToken);
            await docker.RunAsync(plan.Root, "down", cancellationToken);
            await docker.RemoveVolumesAsync(volumes, cancellationToken);
        }

        return ExitCode.Ok;
    }
}

namespace PgAutoFailover.Harness.Processes;

/// <summary>A command of this machine, run as the user that runs the tests.</summary>
public static class HostCommand
{
    public static Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Command.RunAsync(arguments, environment: null, directory: null, TimeSpan.FromSeconds(30), cancellationToken);
}

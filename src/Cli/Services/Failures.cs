using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>What the parts throw where they know what went wrong, as an error for a person with its exit code.</summary>
internal static class Failures
{
    /// <summary>Null for what is no known failure, but a defect.</summary>
    public static CommandFailure? Find(Exception exception) => exception switch
    {
        CommandFailure failure => failure,
        PostgresException e => new CommandFailure(ExitCode.PostgresControl, e.Message, e.Hint, e),
        KeeperStateException e => new CommandFailure(ExitCode.BadState, e.Message, e.Hint, e),
        CreationException e => new CommandFailure(ExitCode.Keeper, e.Message, e.Hint, e),
        SchemaException e => new CommandFailure(ExitCode.Monitor, e.Message, e.Hint, e),
        MonitorException { IsUnreachable: true } e => new CommandFailure(ExitCode.Monitor, e.Message, inner: e),
        MonitorException e => new CommandFailure(ExitCode.Monitor, Describe(e), inner: e),
        UnauthorizedAccessException e => new CommandFailure(
            ExitCode.Internal, e.Message, $"Look who owns it: the files of a node belong to one user, and this is \"{Environment.UserName}\"", e),
        _ => null,
    };

    private static string Describe(MonitorException exception)
    {
        var text = $"Monitor ERROR:  {exception.Message}";
        text += string.IsNullOrEmpty(exception.Detail) ? "" : $"\nMonitor DETAIL:  {exception.Detail}";
        return text + (string.IsNullOrEmpty(exception.Hint) ? "" : $"\nMonitor HINT:  {exception.Hint}");
    }
}

namespace PgAutoFailover.Cli.CommandLine;

/// <summary>The monitor's answer is an error.</summary>
/// <param name="sqlState">Its SQLSTATE.</param>
internal sealed class MonitorRefusal(string sqlState, string message, Exception inner) : CommandFailure(CommandLine.ExitCode.Monitor, message, inner: inner)
{
    /// <summary>The object is not in the state that the call needs; it may be in a moment.</summary>
    public const string ObjectNotInPrerequisiteState = "55000";

    public string SqlState { get; } = sqlState;
}

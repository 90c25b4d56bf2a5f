namespace PgAutoFailover.Cli.CommandLine;

/// <summary>
/// A command cannot do what it was asked: one error for a person, with the exit code that tells a script what kind it is.
/// </summary>
/// <param name="exitCode">One of <see cref="CommandLine.ExitCode"/>.</param>
/// <param name="message">What happened, to what. Several lines become several log lines.</param>
/// <param name="hint">What to do next.</param>
internal class CommandFailure(int exitCode, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    public string? Hint { get; } = hint;

    public static CommandFailure BadArguments(string message, string? hint = null) => new(CommandLine.ExitCode.BadArguments, message, hint);
}

namespace PgAutoFailover.Cli.Logging;

/// <summary>Finds out how log lines are to be written.</summary>
internal static class LogFormatChoice
{
    public const string Variable = "PG_AUTOCTL_LOG_FORMAT";

    /// <summary>Null where the variable has a value that it cannot have.</summary>
    /// <param name="standardError">What the descriptor of stderr is linked to, as /proc shows it.</param>
    public static LogFormat? Of(Func<string, string?> environment, bool isTerminal, string? standardError) => environment(Variable) switch
    {
        "json" => LogFormat.Json,
        null or "" or "text" when isTerminal => LogFormat.Colours,
        null or "" or "text" => IsJournal(environment("JOURNAL_STREAM"), standardError) ? LogFormat.Journal : LogFormat.Text,
        _ => null,
    };

    // systemd sets JOURNAL_STREAM to device and inode of the stream that it gave; a child whose stderr is redirected inherits the variable,
    // but not the stream.
    private static bool IsJournal(string? stream, string? standardError) =>
        stream?.Split(':') is [_, var inode] && standardError == $"socket:[{inode}]";
}

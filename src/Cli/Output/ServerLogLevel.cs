using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Cli.Output;

/// <summary>How serious a line of PostgreSQL's log is, by the severity that it bears after its prefix.</summary>
internal static class ServerLogLevel
{
    private static readonly (string Severity, LogLevel Level)[] s_levels =
    [
        ("PANIC:  ", LogLevel.Critical),
        ("FATAL:  ", LogLevel.Critical),
        ("ERROR:  ", LogLevel.Error),
        ("WARNING:  ", LogLevel.Warning),
        .. ((string[])["LOG", "NOTICE", "INFO", "DETAIL", "HINT", "CONTEXT", "STATEMENT"]).Select(s => ($"{s}:  ", LogLevel.Information)),
    ];

    /// <summary>By the first severity of the line: a statement may quote another. A line without one continues another.</summary>
    public static LogLevel Of(string line)
    {
        var (first, level) = (int.MaxValue, LogLevel.Information);
        foreach (var known in s_levels)
        {
            if (line.IndexOf(known.Severity, StringComparison.Ordinal) is var at and >= 0 && at < first)
            {
                (first, level) = (at, known.Level);
            }
        }

        return level;
    }
}

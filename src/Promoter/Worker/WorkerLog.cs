using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Promoter.Worker;

/// <summary>
/// Writes into the server's log, through the worker. A line of a message that begins with DETAIL: or HINT: becomes PostgreSQL's field of that
/// name.
/// </summary>
internal sealed class WorkerLog(WorkerLink link) : ILogger
{
    private const string Detail = "DETAIL: ";
    private const string Hint = "HINT: ";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is not (LogLevel.None or LogLevel.Trace);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var lines = formatter(state, exception).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var message = string.Join(' ', lines.Where(l => !IsField(l)));
        link.Write(Fields.Join("log", Level(logLevel), Fields.Plain(message), Field(lines, Detail), Field(lines, Hint)));
    }

    private static bool IsField(string line) =>
        line.StartsWith(Detail, StringComparison.Ordinal) || line.StartsWith(Hint, StringComparison.Ordinal);

    private static string Field(string[] lines, string name) =>
        Fields.Plain(lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..]);

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "LOG",
        _ => "WARNING",
    };
}

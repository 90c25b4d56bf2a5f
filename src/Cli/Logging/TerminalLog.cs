using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Cli.Logging;

/// <summary>
/// Log lines as operators of pg_auto_failover read them: <c>HH:mm:ss PID LEVEL message</c>, one line for each line of the
/// message, with colour only where a person looks on; or as <see cref="LogFormat"/> says. It is the whole logging stack of the program: no configuration is read
/// and no provider is loaded, since most commands live for some milliseconds.
/// </summary>
internal sealed class TerminalLog(TextWriter writer, TimeProvider time, LogFormat format) : ILoggerFactory, ILogger
{
    private const string Reset = "\u001b[0m";
    private const string Grey = "\u001b[90m";
    private readonly Lock _lock = new();
    private readonly int _processId = Environment.ProcessId;

    /// <summary>Messages below this level are dropped.</summary>
    public LogLevel MinimumLevel { get; set; } = LogLevel.Information;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("log lines go to the terminal");

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= MinimumLevel && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = formatter(state, exception);
        if (format == LogFormat.Json)
        {
            var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            WriteLine(JsonLogLine.Write(time.GetUtcNow(), logLevel, _processId, text, eventId, values, exception));
            return;
        }

        var now = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        if (exception is not null && !text.Contains(exception.Message, StringComparison.Ordinal))
        {
            text = $"{text}: {exception.Message}";
        }

        if (exception is not null && MinimumLevel <= LogLevel.Debug)
        {
            text = $"{text}\n{exception}";
        }

        lock (_lock)
        {
            foreach (var line in Secrets.Mask(text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Write(now, logLevel, Printable(line.TrimEnd('\r')));
            }

            writer.Flush();
        }
    }

    // What others said stands in many messages: a name that was refused, the last words of a hook. None of it may control a terminal.
    private static string Printable(string line) =>
        line.Any(IsControl) ? string.Create(line.Length, line, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = IsControl(from[i]) ? '\ufffd' : from[i];
            }
        })
        : line;

    private static bool IsControl(char c) => char.IsControl(c) && c != '\t';

    private void WriteLine(string line)
    {
        lock (_lock)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private void Write(string now, LogLevel level, string line)
    {
        if (format == LogFormat.Colours)
        {
            writer.WriteLine($"{Grey}{now} {_processId}{Reset} {Colour(level)}{Name(level)}{Reset} {line}");
        }
        else
        {
            writer.WriteLine($"{(format == LogFormat.Journal ? Priority(level) : "")}{now} {_processId} {Name(level)} {line}");
        }
    }

    // The priorities of syslog.
    private static string Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => "<3>",
        _ => "<2>",
    };

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO ",
        LogLevel.Warning => "WARN ",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private static string Colour(LogLevel level) => level switch
    {
        LogLevel.Trace => "\u001b[94m",
        LogLevel.Debug => "\u001b[36m",
        LogLevel.Information => "\u001b[32m",
        LogLevel.Warning => "\u001b[33m",
        LogLevel.Error => "\u001b[31m",
        _ => "\u001b[35m",
    };
}

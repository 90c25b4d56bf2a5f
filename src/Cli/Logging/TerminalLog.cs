using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Cli.Logging;

/// <summary>
/// Log lines as operators of pg_auto_failover read them: <c>HH:mm:ss PID LEVEL message</c>, one line for each line of the
/// message, with colour only where a person looks on. It is the whole logging stack of the program: no configuration is read
/// and no provider is loaded, since most commands live for some milliseconds.
/// </summary>
internal sealed class TerminalLog(TextWriter writer, TimeProvider time, bool colours) : ILoggerFactory, ILogger
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

        var now = time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var text = formatter(state, exception);
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
                Write(now, logLevel, line.TrimEnd('\r'));
            }

            writer.Flush();
        }
    }

    private void Write(string now, LogLevel level, string line)
    {
        if (colours)
        {
            writer.WriteLine($"{Grey}{now} {_processId}{Reset} {Colour(level)}{Name(level)}{Reset} {line}");
        }
        else
        {
            writer.WriteLine($"{now} {_processId} {Name(level)} {line}");
        }
    }

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

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Postgres.Tests.Instances;

/// <summary>Keeps what is logged, to be looked at when a test fails.</summary>
internal sealed class CollectedLog : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {formatter(state, exception)}");

    public override string ToString() => string.Join('\n', _lines);
}

using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Simulation.Stories;

/// <summary>What the product logs becomes part of the story.</summary>
internal sealed class StoryLog<T>(Story story, string who, LogLevel least) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => story.IsTold && logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            story.Add(who, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception.GetType().Name}: {exception.Message}");
        }
    }
}

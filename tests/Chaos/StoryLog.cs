using System.Globalization;
using PgAutoFailover.Harness;

namespace PgAutoFailover.Chaos;

/// <summary>Tells what happens, with the time since the story began; kept for whoever looks for the cause of a failure.</summary>
internal sealed class StoryLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TimeSpan _began;

    internal void Begin() => _began = Clock.Now;

    internal void Tell(string what) => Write(string.Create(CultureInfo.InvariantCulture, $"{At(Clock.Now)}  {what}"));

    internal void Write(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            Console.WriteLine(line);
        }
    }

    /// <summary>A moment as the story writes it.</summary>
    internal string At(TimeSpan moment) => string.Create(CultureInfo.InvariantCulture, $"{(moment - _began).TotalSeconds,8:0.00}");

    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }
}

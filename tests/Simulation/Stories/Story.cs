using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PgAutoFailover.Simulation.Stories;

/// <summary>What happened, one line each: virtual time, who, what. Costs next to nothing while nobody wants to read it.</summary>
internal sealed class Story(bool isTold)
{
    private readonly StringBuilder _text = new();

    /// <summary>Time since the world began, in ticks; set by the world.</summary>
    public Func<long> Now { get; set; } = () => 0;

    public bool IsTold { get; } = isTold;

    public void Tell(string who, [InterpolatedStringHandlerArgument("")] ref StoryText what)
    {
        if (IsTold)
        {
            Add(who, what.ToStringAndClear());
        }
    }

    public void Add(string who, string what)
    {
        var time = TimeSpan.FromTicks(Now());
        _text.Append(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes,3}:{time.Seconds:00}.{time.Milliseconds:000} {who,-16} {what}\n");
    }

    public override string ToString() => _text.ToString();
}

/// <summary>A line of a story that is put together only where it is told.</summary>
[InterpolatedStringHandler]
internal ref struct StoryText
{
    private DefaultInterpolatedStringHandler _text;

    public StoryText(int literalLength, int formattedCount, Story story, out bool isTold)
    {
        isTold = story.IsTold;
        _text = isTold ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public string ToStringAndClear() => _text.ToStringAndClear();
}

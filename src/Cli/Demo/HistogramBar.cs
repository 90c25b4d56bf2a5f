namespace PgAutoFailover.Cli.Demo;

/// <summary>How many times lie in one of the equal parts into which the whole range is cut; those are the least and the longest in it.</summary>
internal sealed record HistogramBar(long Least, long Most, int Count)
{
    private const int Parts = 18;

    /// <summary>The parts that hold anything, in order. The longest time of all has a part of its own, unless it is the only one.</summary>
    public static List<HistogramBar> Of(IReadOnlyCollection<ConnectTime> times)
    {
        if (times.Count == 0)
        {
            return [];
        }

        var (least, most) = (times.Min(t => t.Microseconds), times.Max(t => t.Microseconds));
        return [.. times.Select(t => t.Microseconds).GroupBy(t => Part(t, least, most)).OrderBy(g => g.Key)
            .Select(g => new HistogramBar(g.Min(), g.Max(), g.Count()))];
    }

    /// <summary>The bar, where the highest one has the given width.</summary>
    public string Draw(int highest, int width) => new('▒', (int)Math.Round((double)Count / highest * width, MidpointRounding.AwayFromZero));

    private static long Part(long time, long least, long most) => most == least ? 0 : (time - least) * Parts / (most - least);
}

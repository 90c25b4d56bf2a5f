namespace PgAutoFailover.Harness.Clients;

/// <summary>How long a client had to do without an acknowledgement.</summary>
public static class WriteGaps
{
    /// <summary>
    /// The longest time between two acknowledgements in a row, of which at least the later one came after <paramref name="since"/>;
    /// time that is still passing at <paramref name="until"/> counts.
    /// </summary>
    public static TimeSpan Longest(IEnumerable<Acknowledgement> acknowledged, TimeSpan since, TimeSpan until)
    {
        TimeSpan longest = TimeSpan.Zero;
        TimeSpan previous = since;
        foreach (TimeSpan at in acknowledged.Select(a => a.At).Where(at => at <= until).Order())
        {
            if (at >= since && at - previous > longest)
            {
                longest = at - previous;
            }

            previous = at;
        }

        TimeSpan open = until - (previous > since ? previous : since);
        return open > longest ? open : longest;
    }

    /// <summary>Every time between two acknowledgements in a row after <paramref name="since"/> that was longer than a limit.</summary>
    public static IEnumerable<TimeSpan> LongerThan(TimeSpan limit, IEnumerable<Acknowledgement> acknowledged, TimeSpan since)
    {
        TimeSpan previous = since;
        foreach (TimeSpan at in acknowledged.Select(a => a.At).Where(at => at >= since).Order())
        {
            if (at - previous > limit)
            {
                yield return at - previous;
            }

            previous = at;
        }
    }
}

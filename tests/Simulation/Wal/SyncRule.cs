namespace PgAutoFailover.Simulation.Wal;

/// <summary>A value of <c>synchronous_standby_names</c>: whom a commit waits for.</summary>
internal sealed record SyncRule(bool IsFirst, int Number, IReadOnlyList<string> Names)
{
    public static SyncRule None { get; } = new(IsFirst: false, 0, []);

    /// <summary>Commits wait for nobody.</summary>
    public bool IsEmpty => Names.Count == 0;

    /// <summary>Whether a standby of this name is listed.</summary>
    public bool Lists(string name) => Names.Contains(name) || Names is ["*"];

    /// <summary>Reads <c>ANY n (a, b)</c>, <c>FIRST n (a, b)</c>, <c>a, b</c> and <c>*</c>.</summary>
    public static SyncRule Parse(string text)
    {
        if (text.Length == 0)
        {
            return None;
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new(IsFirst: true, 1, SplitNames(text));
        }

        var head = text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var names = SplitNames(text[(open + 1)..text.IndexOf(')', StringComparison.Ordinal)]);
        return new(!head[0].Equals("ANY", StringComparison.OrdinalIgnoreCase), int.Parse(head[^1]), names);
    }

    /// <summary>
    /// How far commits are confirmed: what enough listed standbys have flushed. −1 where too few are there.
    /// </summary>
    /// <param name="flushed">What each streaming standby has confirmed, by name.</param>
    public int Confirmed(IEnumerable<(string Name, int Flushed)> flushed)
    {
        var listed = flushed.Where(s => Lists(s.Name));
        var counts = IsFirst
            ? listed.OrderBy(s => IndexOf(s.Name)).Take(Number).Select(s => s.Flushed).Order().ToList()
            : listed.Select(s => s.Flushed).OrderDescending().Take(Number).Reverse().ToList();
        return counts.Count < Number ? -1 : counts[0];
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name || Names[i] == "*")
            {
                return i;
            }
        }

        return int.MaxValue;
    }

    private static string[] SplitNames(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

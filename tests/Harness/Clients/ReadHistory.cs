namespace PgAutoFailover.Harness.Clients;

/// <summary>A read that did not see what it had to see.</summary>
/// <param name="Writer">Whose rows were read.</param>
/// <param name="Expected">The number of a row that was there before the read began.</param>
/// <param name="Found">The highest number that was read.</param>
/// <param name="WasAcknowledged">The missing row had been acknowledged; else it had only been read.</param>
/// <param name="Port">The server that answered.</param>
/// <param name="ShownBy">The server that had shown or acknowledged the row before.</param>
/// <param name="Began">When the read began.</param>
public sealed record StaleRead(string Writer, long Expected, long Found, bool WasAcknowledged, int Port, int ShownBy, TimeSpan Began)
{
    public override string ToString() =>
        $"port {Port} showed no row of {Writer} after #{Found}, in a read that began at {Began.TotalSeconds:0.000} s; "
        + $"#{Expected} had been {(WasAcknowledged ? "acknowledged" : "shown")} by port {ShownBy} before";
}

/// <summary>
/// What all readers together have seen. Writers number their rows upwards, so the highest number that a read finds says how new it is:
/// it must not be lower than what was acknowledged, or read by anybody, before the read began.
/// </summary>
public sealed class ReadHistory(IReadOnlyList<Writer> writers)
{
    private readonly Lock _lock = new();
    private readonly Seen[] _seen = new Seen[writers.Count];
    private readonly List<StaleRead> _stale = [];
    private long _reads;

    public IReadOnlyList<Writer> Writers => writers;

    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Hands over the stale reads that were found since the last call.</summary>
    public IReadOnlyList<StaleRead> TakeStale()
    {
        lock (_lock)
        {
            StaleRead[] taken = [.. _stale];
            _stale.Clear();
            return taken;
        }
    }

    /// <summary>Called before a read is sent: what it has to see at least.</summary>
    internal Bounds Begin()
    {
        TimeSpan began = Clock.Now;
        Seen[] acknowledged = [.. writers.Select(w => w.LastAcknowledged is { } last ? new Seen(last.Id, last.Port) : default)];
        lock (_lock)
        {
            return new Bounds(began, acknowledged, [.. _seen]);
        }
    }

    /// <summary>Called with its answer: the highest number of each writer.</summary>
    internal void End(Bounds bounds, IReadOnlyList<long> highest, int port)
    {
        Interlocked.Increment(ref _reads);
        lock (_lock)
        {
            for (int i = 0; i < highest.Count; i++)
            {
                Compare(bounds, i, highest[i], port);
                if (highest[i] > _seen[i].Id)
                {
                    _seen[i] = new Seen(highest[i], port);
                }
            }
        }
    }

    private void Compare(Bounds bounds, int writer, long found, int port)
    {
        Seen acknowledged = bounds.Acknowledged[writer], seen = bounds.Read[writer];
        if (found < acknowledged.Id)
        {
            _stale.Add(new StaleRead(writers[writer].Name, acknowledged.Id, found, true, port, acknowledged.Port, bounds.Began));
        }
        else if (found < seen.Id)
        {
            _stale.Add(new StaleRead(writers[writer].Name, seen.Id, found, false, port, seen.Port, bounds.Began));
            _seen[writer] = new Seen(found, port);
        }
    }

    /// <summary>The highest number, and the server that knew it.</summary>
    internal readonly record struct Seen(long Id, int Port);

    /// <summary>What a read that began at some moment has to see at least.</summary>
    internal sealed record Bounds(TimeSpan Began, Seen[] Acknowledged, Seen[] Read);
}

namespace PgAutoFailover.Simulation.Scheduling;

/// <summary>
/// The only source of randomness of a simulation (xoshiro256**). Its own implementation, so that a seed means the same story on every
/// version of the runtime.
/// </summary>
internal sealed class Chance
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Chance(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    public ulong Next()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>0 to <paramref name="below"/> − 1.</summary>
    public int Below(int below) => (int)(Next() % (ulong)below);

    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True with this probability.</summary>
    public bool Is(double probability) => Unit() < probability;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public T In<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Evenly between two durations.</summary>
    public TimeSpan Span(double leastMs, double mostMs) => TimeSpan.FromTicks((long)((leastMs + (Unit() * (mostMs - leastMs))) * TimeSpan.TicksPerMillisecond));

    /// <summary>The time to the next event of a kind that comes once in <paramref name="mean"/> on average.</summary>
    public TimeSpan Until(TimeSpan mean) => mean * -Math.Log(1 - Unit());

    private double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

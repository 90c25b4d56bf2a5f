namespace PgAutoFailover.Harness.Waiting;

/// <summary>
/// Upper limits, generous on purpose: a loaded machine may be slow, and no test passes or fails by being a little late.
/// </summary>
public static class Patience
{
    /// <summary>For one command.</summary>
    public static readonly TimeSpan Command = TimeSpan.FromSeconds(120);

    /// <summary>For a service that was asked to stop.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(25);

    /// <summary>For everything else.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns as soon as the condition holds; fails, saying what was waited for, if it does not within the limit.</summary>
    public static Task UntilAsync(string what, Func<bool> condition, CancellationToken cancellationToken) =>
        UntilAsync(what, condition, Default, () => "", cancellationToken);

    /// <inheritdoc cref="UntilAsync(string, Func{bool}, CancellationToken)"/>
    public static Task UntilAsync(
        string what, Func<bool> condition, TimeSpan limit, Func<string> circumstances, CancellationToken cancellationToken) =>
        UntilAsync(what, () => Task.FromResult(condition()), limit, circumstances, cancellationToken);

    /// <summary>The same for a condition that has to be asked for.</summary>
    public static async Task UntilAsync(
        string what, Func<Task<bool>> condition, TimeSpan limit, Func<string> circumstances, CancellationToken cancellationToken)
    {
        TimeSpan started = Clock.Now;
        while (!await condition())
        {
            if (Clock.Now - started > limit)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds:0} s: {what}\n{circumstances()}");
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }
}

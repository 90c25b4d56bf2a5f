using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Demo;

/// <summary>How a client goes on when it cannot connect: from which pause on, and up to which.</summary>
internal sealed record RetryPolicy(TimeSpan Sleep, TimeSpan Cap)
{
    /// <summary>How long the demonstration itself tries to reach the database: longer than a failover.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static readonly RetryPolicy Usual = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1));

    /// <summary>Each client gets one of its own, since applications differ, and the summary shows what that means.</summary>
    public static RetryPolicy Draw() => new(
        TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50)), TimeSpan.FromMilliseconds(Random.Shared.Next(100, 1000)));

    public JitteredPause NewPause() => new(Sleep, Cap);
}

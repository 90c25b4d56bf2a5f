using System.Globalization;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// How long an interactive command tries to connect: PGCONNECT_TIMEOUT seconds (2) in all, with decorrelated jitter between
/// attempts, so that many clients of a monitor that comes back do not knock at the same moment.
/// </summary>
internal sealed class ConnectPatience
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(2);
    private readonly CommandContext _context;
    private readonly long _started;
    private readonly TimeSpan _total;
    private TimeSpan _pause = s_least;

    public ConnectPatience(CommandContext context)
    {
        _context = context;
        _started = context.Time.GetTimestamp();
        _total = int.TryParse(context.Variable("PGCONNECT_TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromSeconds(2);
    }

    public int Attempts { get; private set; }

    /// <summary>Called after a failed attempt: pauses before the next; false when patience is over.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        Attempts++;
        var left = _total - _context.Time.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var most = Math.Min(s_most.TotalMilliseconds, _pause.TotalMilliseconds * 3);
        _pause = TimeSpan.FromMilliseconds(s_least.TotalMilliseconds + (Random.Shared.NextDouble() * (most - s_least.TotalMilliseconds)));
        await Task.Delay(_pause < left ? _pause : left, _context.Time, cancellationToken);
        return true;
    }
}

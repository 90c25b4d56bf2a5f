using System.Globalization;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// How long an interactive command tries to connect: PGCONNECT_TIMEOUT seconds (2) in all, with pauses between
/// the attempts.
/// </summary>
internal sealed class ConnectPatience
{
    private readonly JitteredPause _pause = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(2));
    private readonly CommandContext _context;
    private readonly long _started;
    private readonly TimeSpan _total;

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

        var pause = _pause.Next();
        await Task.Delay(pause < left ? pause : left, _context.Time, cancellationToken);
        return true;
    }
}
